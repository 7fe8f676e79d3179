import BakeTestSupport
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

/// Users and a group that this machine has for the time of a test: alice and bob in the group, and a reader who is not.
///
/// With a directory that they can reach, an executable of bake's in it, and a home for each.
final class TestUsers: Sendable {
    /// Whether this machine lets a test make users.
    static var areAvailable: Bool {
        getuid() == 0 && ["useradd", "userdel", "groupadd", "setpriv", "newuidmap"].allSatisfy(ForeignTool.isInstalled)
    }

    /// Somebody.
    enum Person: String, CaseIterable, Sendable { case alice = "a", bob = "b", reader = "r" }

    /// The group's name.
    let group: String
    private let place: TemporaryDirectory
    private let tag: String

    /// A directory that everybody may look into.
    var directory: String { place.path }

    init() throws {
        place = try TemporaryDirectory()
        tag = "bt\(getpid())x\(UInt16.random(in: 0 ... .max))"
        group = "\(tag)g"
        try Self.must("groupadd", [group])
        for person in Person.allCases {
            let groups = person == .reader ? [] : ["-G", group]
            try Self.must("useradd", ["-M", "-d", home(of: person)] + groups + [name(of: person)])
            try Self.must("install", ["-d", "-o", name(of: person), home(of: person)])
        }
        // Copied by another process: one of ours, started meanwhile, could hold it open for writing (ETXTBSY).
        try Self.must("cp", [BuiltBake.program.path, "\(directory)/bake"])
        try Self.must("chmod", ["755", directory, "\(directory)/bake"])
    }

    deinit {
        for person in Person.allCases { try? Self.must("userdel", [name(of: person)]) }
        try? Self.must("groupdel", [group])
    }

    func name(of person: Person) -> String { tag + person.rawValue }
    func home(of person: Person) -> String { "\(directory)/home-\(person.rawValue)" }

    /// Runs bake as somebody, with a umask.
    func bake(
        as person: Person, store: String, umask: String = "077", _ arguments: [String], wrapper: [String] = []
    ) throws -> Screen {
        let script = "umask \(umask); exec \"$@\""
        let words =
            wrapper
            + ["/usr/bin/setpriv", "--reuid", name(of: person), "--regid", name(of: person), "--init-groups"]
            + ["/bin/sh", "-c", script, "sh", "\(directory)/bake"] + arguments
        let run = try CompletedProcess.run(
            words[0], Array(words.dropFirst()),
            environment: [
                "PATH=/usr/bin:/bin", "HOME=\(home(of: person))", "TMPDIR=\(home(of: person))", "BAKE_STORE=\(store)",
            ], directory: home(of: person), deadline: 300)
        return Screen(arguments: arguments, run)
    }

    /// The system's files of users are locked while another test changes them: then once more.
    private static func must(_ tool: String, _ arguments: [String]) throws {
        for attempt in 1...20 {
            let directories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
            let path = try #require(
                directories.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) })
            let run = try CompletedProcess.run(path, arguments, environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
            if run.ending.succeeded { return }
            guard attempt < 20, run.lastErrors.contains("lock") else {
                throw CocoaError(.featureUnsupported, userInfo: ["tool": tool, "errors": run.lastErrors])
            }
            usleep(100_000)
        }
    }
}
