import Foundation
import GitFixtures
import LinuxSystem

/// A repository whose pipeline bakes in a second: Debian's static busybox as its root, a page, a spec that asks the
/// running web server. With a store of its own.
public final class SmallRepository: Sendable {
    /// The repository.
    public let git: TestRepository
    /// The store's path; nothing is there yet.
    public let store: String

    /// Makes it and commits it.
    public init() throws {
        git = try TestRepository()
        store = "\(git.directory.path)/store"
        for name in ["bake.yaml", "goss.yaml", "environments.yaml"] {
            try git.write(name, try String(contentsOf: Self.fixtures.appending(path: name), encoding: .utf8))
        }
        try git.write("src/page.txt", "hello\n")
        try git.write("src/hello", "#!/bin/sh\necho hi there\n")
        try SmallRoot.write(to: "\(git.path)/base.tar.gz")
        try git.commit("A page")
    }

    private static let fixtures = Repository.root.appending(path: "Fixtures/small")

    /// Changes the page and commits that.
    public func commitPage(_ text: String) throws {
        try git.write("src/page.txt", "\(text)\n")
        try git.commit("Say \(text)")
    }

    /// Runs bake in the repository.
    public func bake(_ arguments: String...) throws -> Screen { try bake(arguments) }

    /// Runs bake in the repository.
    /// - Parameters:
    ///   - environment: more than the store, `NAME=value`.
    ///   - wrapper: a program and its arguments that starts it, such as `/usr/bin/faketime`.
    public func bake(
        _ arguments: [String], environment: [String] = [], wrapper: [String] = []
    ) throws -> Screen {
        let words = wrapper + [BuiltBake.program.path] + arguments
        let run = try CompletedProcess.run(
            words[0], Array(words.dropFirst()), environment: self.environment + environment, directory: git.path,
            deadline: 300)
        return Screen(arguments: arguments, run)
    }

    /// Starts bake in the repository and does not wait for it.
    public func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess.start(
            BuiltBake.program.path, arguments, environment: environment, directory: git.path)
    }

    /// The executable.
    public var bakePath: String { BuiltBake.program.path }

    /// What every run of bake finds.
    public var environment: [String] { ["PATH=/usr/bin:/bin", "HOME=\(git.directory.path)", "BAKE_STORE=\(store)"] }
}

/// The checkout that these tests belong to.
public enum Repository {
    /// Its top.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}

/// A root of Debian's static busybox, by recipe.
public enum SmallRoot {
    private static let recipe = """
        set -eu
        umask 022
        root=$(mktemp -d)
        trap 'rm -rf "$root"' EXIT
        mkdir -p "$root/usr/bin" "$root/etc" "$root/srv"
        mkdir -m 1777 "$root/tmp"
        ln -s usr/bin "$root/bin"
        cp /bin/busybox "$root/usr/bin/busybox"
        for name in sh cat ls mkdir rm tr sleep httpd id hostname date env ip stat ln touch; do
            ln -s busybox "$root/usr/bin/$name"
        done
        echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
        echo 'root:x:0:' > "$root/etc/group"
        tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$root" -czf "$1" .
        """

    /// Writes it as a tarball.
    public static func write(to path: String) throws {
        let run = try CompletedProcess.run(
            "/bin/sh", ["-c", recipe, "sh", path], environment: ["PATH=/usr/bin:/bin", "LC_ALL=C"])
        guard run.ending.succeeded else { throw CocoaError(.fileWriteUnknown) }
    }
}
