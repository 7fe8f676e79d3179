import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// A copy of one of `Pipelines`, as a repository that bakes into the store of all examples.
final class ExampleRepository: Sendable {
    /// The repository; nothing is committed yet.
    let git: TestRepository
    private let store: String

    /// Copies an example.
    init(_ name: String) throws {
        git = try TestRepository()
        store = try #require(ExampleStore.current).path
        let example = Repository.root.appending(path: "Pipelines/\(name)").path
        for entry in try FileManager.default.contentsOfDirectory(atPath: example) {
            try FileManager.default.copyItem(atPath: "\(example)/\(entry)", toPath: "\(git.path)/\(entry)")
        }
    }

    /// Runs bake in the repository.
    /// - Parameter wrapper: a program and its arguments that starts it.
    func bake(_ arguments: String..., wrapper: [String] = []) throws -> Screen {
        let words = wrapper + [BuiltBake.program.path] + arguments
        let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(git.directory.path)", "BAKE_STORE=\(store)"]
        let run = try CompletedProcess.run(
            words[0], Array(words.dropFirst()), environment: environment + DebianProxies.environment,
            directory: git.path, deadline: 900)
        return Screen(arguments: arguments, run)
    }

    /// Writes the lock of a pipeline and commits everything; what was said of the lock.
    @discardableResult
    func lock(_ pipeline: String..., message: String, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> String
    {
        let screen = try pipeline.first.map { try bake("lock", $0) } ?? bake("lock")
        #expect(screen.status == 0, "\(screen.errors)", sourceLocation: sourceLocation)
        try git.commit(message)
        return screen.errors
    }

    /// Replaces a part of a file and commits that.
    func change(_ file: String, _ old: String, to new: String, message: String) throws {
        let text = try String(contentsOfFile: "\(git.path)/\(file)", encoding: .utf8)
        try git.write(file, text.replacing(old, with: new))
        try git.commit(message)
    }
}

/// One store for every example: the Debian root that all of them start from is made once.
final class ExampleStore: Sendable {
    @TaskLocal static var current: ExampleStore?

    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    var path: String { "\(place.path)/store" }
}

/// Gives a suite an `ExampleStore`, which goes with it.
struct SharedStore: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await ExampleStore.$current.withValue(try ExampleStore()) { try await function() }
    }
}
