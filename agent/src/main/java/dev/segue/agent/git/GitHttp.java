// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** HTTP for one exchange: notes the status, trusts the given certificates, keeps to the bounds. */
final class GitHttp extends JDKHttpConnectionFactory {
  private static final long MAX_ADVERTISEMENT = 64L << 20;

  private final GitExchange exchange;
  private final TrustManager @Nullable [] trusted;

  GitHttp(GitExchange exchange, @Nullable Path caFile)
      throws IOException, GeneralSecurityException {
    this.exchange = exchange;
    this.trusted = caFile == null ? null : trust(caFile);
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return new Noted(url, exchange);
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return new Noted(url, proxy, exchange);
  }

  @Override
  public GitSession newSession() {
    return new GitSession() {
      @Override
      public HttpConnection configure(HttpConnection connection, boolean sslVerify)
          throws GeneralSecurityException {
        if (trusted != null && connection.getURL().getProtocol().equals("https")) {
          connection.configure(null, trusted, null);
        }
        return connection;
      }

      @Override
      public void close() {}
    };
  }

  private static TrustManager[] trust(Path caFile) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(caFile)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + number++, each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (store.size() == 0) {
      throw new KeyStoreException("no certificate");
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static final class Noted extends JDKHttpConnection {
    private final GitExchange exchange;

    Noted(URL url, GitExchange exchange) throws IOException {
      super(url);
      this.exchange = exchange;
    }

    Noted(URL url, Proxy proxy, GitExchange exchange) throws IOException {
      super(url, proxy);
      this.exchange = exchange;
    }

    @Override
    public int getResponseCode() throws IOException {
      exchange.checkDeadline();
      int status = super.getResponseCode();
      exchange.answered(status);
      String type = getContentType();
      if (status == HTTP_OK && (type == null || !type.startsWith("application/x-git-"))) {
        // JGit would go on with the old protocol of plain files.
        throw new ProtocolException(
            "the server does not answer as a Git server; check `url`, which may need \".git\"");
      }
      return status;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      boolean advertisement = getRequestMethod().equals("GET");
      return new Bounded(
          super.getInputStream(), exchange, advertisement ? MAX_ADVERTISEMENT : Long.MAX_VALUE);
    }
  }

  /** A slow drip must not outlive the deadline, an endless answer not the memory. */
  private static final class Bounded extends FilterInputStream {
    private final GitExchange exchange;
    private long left;

    Bounded(InputStream in, GitExchange exchange, long left) {
      super(in);
      this.exchange = exchange;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      count(Math.max(n, 0));
      return n;
    }

    private void count(int n) throws IOException {
      exchange.checkDeadline();
      left -= n;
      if (left < 0) {
        throw new IOException("the server's list of refs is longer than 64 MiB");
      }
    }
  }
}
