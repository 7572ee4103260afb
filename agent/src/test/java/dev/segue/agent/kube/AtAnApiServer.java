// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.testing.ClusterUnderTest;
import dev.segue.renderer.model.Namespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a namespace of its own at a real API server, and a cluster with all rights. */
abstract class AtAnApiServer {
  @SuppressWarnings("NullAway.Init") // set before each
  ClusterUnderTest target;

  @SuppressWarnings("NullAway.Init") // set before each
  Namespace namespace;

  @SuppressWarnings("NullAway.Init") // set before each
  Fabric8Cluster cluster;

  @BeforeEach
  final void connect() throws ClusterException {
    target = ClusterUnderTest.require();
    namespace = target.newNamespace();
    cluster = new Fabric8Cluster(target.kubeconfig(), null, namespace, List.of(namespace));
  }

  @AfterEach
  final void close() {
    if (cluster != null) { // the test was skipped
      cluster.close();
    }
  }
}
