import BakeTestSupport
import Foundation
import Glibc
import LinuxSystem
import Testing

/// A program that is not ours, to compare with.
enum ForeignTool {
    private static let directories = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]

    /// Whether the machine has it.
    static func isInstalled(_ name: String) -> Bool { path(name) != nil }

    /// Runs it and expects that it ends well; its standard output.
    @discardableResult
    static func run(
        _ name: String, _ arguments: [String], environment: [String] = [], directory: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let path = try #require(Self.path(name), "\(name) is not installed", sourceLocation: sourceLocation)
        let run = try CompletedProcess.run(
            path, arguments,
            environment: ["PATH=\(directories.joined(separator: ":"))", "LC_ALL=C.UTF-8"] + environment,
            directory: directory, deadline: 120)
        #expect(run.ending.succeeded, "\(name): \(run.lastErrors)", sourceLocation: sourceLocation)
        return run.text
    }

    /// Everything below a directory as find(1) and sha256sum(1) tell it: type, mode, owner, links, size, time, path, target
    /// and the hashes of the files.
    static func listing(of directory: String) throws -> String {
        let format = #"%y %m %U:%G %n %s %T@ %P -> %l\n"#
        let script = #"""
            find . -mindepth 1 \( -type d -printf '%y %m %U:%G %P\n' -o -printf "$0" \) | LC_ALL=C sort
            find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
            getfattr -R -h -d -m - . 2>/dev/null | grep -v '^$' || true
            """#
        return try run("sh", ["-c", script, format], directory: directory)
    }

    private static func path(_ name: String) -> String? {
        directories.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}

/// podman as it runs in a machine without systemd: its files in a directory that goes with its owner.
final class Podman {
    /// Whether it can run containers here.
    static var isAvailable: Bool {
        getuid() == 0 && ["podman", "runc", "conmon"].allSatisfy(ForeignTool.isInstalled)
    }

    private let directory: String

    init() throws {
        // podman takes a layout's path for the image's name, which must be in lower case.
        directory = "/tmp/bake-podman-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        try Self.containers.write(toFile: "\(directory)/containers.conf", atomically: false, encoding: .utf8)
        try "[storage]\ndriver=\"vfs\"\nrunroot=\"\(directory)/run\"\ngraphroot=\"\(directory)/graph\"\n"
            .write(toFile: "\(directory)/storage.conf", atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Runs podman; its standard output without the last line's end.
    func callAsFunction(_ arguments: String...) throws -> String {
        let output = try ForeignTool.run(
            "podman", arguments,
            environment: [
                "CONTAINERS_CONF=\(directory)/containers.conf", "CONTAINERS_STORAGE_CONF=\(directory)/storage.conf",
                "HOME=\(directory)", "TMPDIR=\(directory)",
            ])
        return output.trimmingCharacters(in: .newlines)
    }

    /// A path in lower case that leads to a store.
    func link(to store: String) throws -> String {
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/store", withDestinationPath: store)
        return "\(directory)/store"
    }

    private static let containers = """
        [engine]
        cgroup_manager="cgroupfs"
        events_logger="file"
        runtime="runc"
        [containers]
        default_ulimits=["nofile=1024:20000","nproc=1024:20000"]

        """
}
