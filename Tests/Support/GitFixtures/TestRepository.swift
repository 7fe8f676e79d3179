import BakeModel
import Foundation
import LinuxSystem

/// A repository made by the real git in a temporary directory.
public final class TestRepository: Sendable {
    /// The directory that holds everything of this test.
    public let directory: TemporaryDirectory
    /// The repository's path.
    public let path: String

    /// Makes an empty one with the branch `main`.
    /// - Parameter options: more of `git init`.
    public init(_ options: String...) throws {
        directory = try TemporaryDirectory()
        path = "\(directory.path)/repository"
        try Self.git(["init", "-q", "-b", "main"] + options + [path], in: directory.path)
    }

    /// Runs git in the repository; its output without the last line's end. Fails where git does.
    @discardableResult
    public func git(_ arguments: String...) throws -> String { try Self.git(arguments, in: path) }

    /// Runs git anywhere.
    @discardableResult
    public static func git(_ arguments: [String], in directory: String) throws -> String {
        let run = try CompletedProcess.run("/usr/bin/git", arguments, environment: environment, directory: directory)
        guard run.ending.succeeded else { throw GitFailure(arguments: arguments, errors: run.lastErrors) }
        return run.text.hasSuffix("\n") ? String(run.text.dropLast()) : run.text
    }

    private static let environment = [
        "PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C.UTF-8",
        "GIT_AUTHOR_NAME=Hanako", "GIT_AUTHOR_EMAIL=hanako@bake.example", "GIT_AUTHOR_DATE=1700000000 +0900",
        "GIT_COMMITTER_NAME=Taro", "GIT_COMMITTER_EMAIL=taro@bake.example", "GIT_COMMITTER_DATE=1700000100 -0330",
        "GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
        "GIT_CONFIG_KEY_1=protocol.file.allow", "GIT_CONFIG_VALUE_1=always",
    ]

    /// Writes a file of the work tree.
    public func write(_ name: String, _ text: String) throws {
        let file = "\(path)/\(name)"
        try DurableFile.makeDirectories((file as NSString).deletingLastPathComponent)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    /// Commits everything; the new commit's name.
    @discardableResult
    public func commit(_ message: String = "change") throws -> String {
        try git("add", "-A")
        try git("commit", "-q", "--allow-empty", "-m", message)
        return try git("rev-parse", "HEAD")
    }

    /// Writes files and commits them.
    @discardableResult
    public func commit(files: [String: String], _ message: String = "change") throws -> String {
        for (name, text) in files { try write(name, text) }
        return try commit(message)
    }

    /// Where a loose object lies.
    public func loosePath(_ id: String) -> String { "\(path)/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))" }

    /// Replaces a read-only file's bytes, as damage does.
    public func damage(_ file: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        change(&bytes)
        try FileManager.default.removeItem(atPath: file)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}

/// git said no.
public struct GitFailure: Error {
    let arguments: [String]
    let errors: String
}
