// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.Review.Reviewed;
import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.operate.RefusedException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.Declarations;
import dev.segue.agent.reconcile.FirstReleases;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.parse.Reading;
import dev.segue.renderer.resolve.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Renders groups of a commit of a clone as the agent of a site does. */
final class CommitRender {
  private final Review review;
  private final Checkout checkout;
  private final BundleOutput output;
  private final Console console;

  CommitRender(Review review, Checkout checkout, BundleOutput output, Console console) {
    this.review = review;
    this.checkout = checkout;
    this.output = output;
    this.console = console;
  }

  /** The folder to look for the clone from: {@code path} need not be in its work tree. */
  static Path folderOf(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    while (folder.getParent() != null && !Files.isDirectory(folder)) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** Returns 0 when everything was written, 1 when there is a problem and nothing was. */
  int run(Actions.Rendering asked) {
    try {
      if (output.unusable().isPresent()) {
        return refuse(ProblemCode.CONFIG_INVALID, output.unusable().get());
      }
      Map.Entry<String, Snapshot> site = review.site(asked.cluster(), review.sites());
      if (site.getValue().commit().isEmpty()) {
        console
            .err()
            .println(
                "No status branch is in this clone, so only the configuration here says how the agent"
                    + " of \""
                    + site.getKey()
                    + "\" renders. If there are some, fetch them: "
                    + Review.FETCH);
      }
      RepoPath path = inClone(asked.path());
      Reviewed reviewed =
          review.reviewed(site.getKey(), site.getValue(), Objects.requireNonNull(asked.to()));
      checkout.notice().lines().forEach(console.err()::println);
      reviewed.whatIf().lines().forEach(console.err()::println);
      try (ChartStore charts = review.charts(reviewed.source())) {
        return render(reviewed, charts, path);
      }
    } catch (RefusedException e) {
      return refuse(ProblemCode.REQUEST_REFUSED, e.getMessage());
    } catch (PortException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    } catch (IOException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": cannot read \""
                  + checkout.root()
                  + "\" or write to "
                  + output
                  + ": "
                  + EmptyFolders.reason(e));
      return 1;
    }
  }

  private int refuse(ProblemCode code, String message) {
    console.err().println(code.id() + ": " + message);
    return Actions.USAGE;
  }

  private RepoPath inClone(Path path) throws IOException, RefusedException {
    Path absolute = path.toAbsolutePath().normalize();
    Path there = folderOf(path);
    Path real = there.toRealPath().resolve(there.relativize(absolute)).normalize();
    Path root = checkout.root().toRealPath();
    if (!real.startsWith(root)) {
      throw new RefusedException(
          "PATH must lie in the clone \"" + checkout.root() + "\"; got \"" + path + "\"");
    }
    return RepoPath.parse(LocalFiles.relative(root, real));
  }

  private int render(Reviewed reviewed, ChartStore charts, RepoPath path)
      throws PortException, IOException {
    RepoTree tree = reviewed.source().poll();
    Reading all = Declarations.read(tree, reviewed.settings().paths());
    List<ApplicationGroup> groups =
        all.valid().stream().filter(group -> group.origin().file().isWithin(path)).toList();
    List<Problem> problems = new ArrayList<>();
    all.problems().stream().filter(problem -> isWithin(problem, path)).forEach(problems::add);
    groups.forEach(group -> problems.addAll(Resolver.unsupported(group)));
    if (problems.isEmpty() && groups.isEmpty()) {
      problems.add(LocalRender.nothingFound());
    }
    if (!problems.isEmpty()) {
      return tell(problems);
    }
    FirstReleases releases =
        new FirstReleases(
            charts,
            reviewed.source(),
            tree.commit(),
            reviewed.settings().render(),
            reviewed.settings().kubeVersion(),
            reviewed.status());
    Bundles bundles = Bundles.of(groups, releases, reviewed.settings().render());
    if (!bundles.problems().isEmpty()) {
      return tell(bundles.problems());
    }
    output.write(bundles.groups());
    return 0;
  }

  private int tell(List<Problem> problems) {
    problems.stream().sorted().forEach(problem -> console.out().println(problem));
    return 1;
  }

  private static boolean isWithin(Problem problem, RepoPath path) {
    return problem.path().isEmpty() || RepoPath.parse(problem.path()).isWithin(path);
  }
}
