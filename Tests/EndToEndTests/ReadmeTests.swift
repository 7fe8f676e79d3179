import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// The README does what it says: its session is run, on the real Debian root with the real nginx.
@Suite struct ReadmeTests {
    private let readme: String

    init() throws {
        readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
    }

    /// The text of the first block of a language.
    private func block(_ language: String) throws -> String {
        let start = try #require(readme.range(of: "```\(language)\n"))
        let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
        return String(readme[start.upperBound..<end.lowerBound])
    }

    @Test("every command of the session prints what stands below it")
    func session() throws {
        let place = try TemporaryDirectory()
        let web = "\(place.path)/web"
        try FileManager.default.copyItem(atPath: Repository.root.appending(path: "Pipelines/web").path, toPath: web)
        _ = try TestRepository.git(["init", "-q", "-b", "main", web], in: place.path)
        try FileManager.default.createDirectory(atPath: "\(place.path)/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(place.path)/bin/bake", withDestinationPath: BuiltBake.program.path)
        let environment =
            [
                "PATH=\(place.path)/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(place.path)", "TZ=UTC",
                "BAKE_STORE=\(place.path)/store", "GIT_AUTHOR_NAME=Hanako", "GIT_AUTHOR_EMAIL=h@bake.example",
                "GIT_COMMITTER_NAME=Hanako", "GIT_COMMITTER_EMAIL=h@bake.example",
            ] + DebianProxies.environment
        let session = try block("console")
        var found = ""
        for line in session.split(separator: "\n") where line.hasPrefix("$ ") {
            let run = try CompletedProcess.run(
                "/bin/bash", ["-c", "exec 2>&1; \(line.dropFirst(2))"], environment: environment, directory: web,
                deadline: 900)
            found += "\(line)\n\(run.text)"
        }
        let shown = session.replacing("/var/lib/bake", with: "\(place.path)/store")
        let wanted = Screen.normalised(shown, hiding: place.path).split(separator: "\n")
        let printed = Screen.normalised(found, hiding: place.path).split(separator: "\n")
        for (wanted, printed) in zip(wanted, printed) { #expect(wanted == printed) }
        #expect(wanted.count == printed.count)
    }

    @Test("the pipeline of the page has as many lines as it says, and is a pipeline")
    func pipeline() throws {
        let small = try SmallRepository()
        let yaml = try block("yaml")
        #expect(yaml.split(separator: "\n").count <= 20)
        // The lock would need the network; everything before it is read and checked.
        try small.git.commit(files: ["bake.yaml": yaml])
        let screen = try small.bake("build")
        #expect(screen.errors.contains("+ debian bookworm"), "\(screen.errors)")
    }
}

/// How this machine reaches Debian's archives, for apt.
enum DebianProxies {
    static var environment: [String] {
        ProcessInfo.processInfo.environment.filter { $0.key.lowercased().hasSuffix("_proxy") }
            .map { "\($0.key)=\($0.value)" }
    }
}
