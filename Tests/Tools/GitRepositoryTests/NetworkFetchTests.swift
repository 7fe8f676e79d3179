import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Fetches over loopback, from git's own http-backend and from sshd.
@Suite struct NetworkFetchTests {
    private let source: TestRepository

    init() throws { source = try TestRepository() }

    private func mirror(_ url: String) throws -> GitMirror {
        GitMirror(of: try RemoteURL(parsing: url), in: "\(source.directory.path)/git")
    }

    private func head(of mirror: GitMirror) throws -> String {
        try GitReader.open(mirror.path, program: BuiltBake.program).resolve(nil).hex
    }

    @Test func fetchesOverHTTP() throws {
        let head = try source.commit(files: ["a": "1"])
        let server = try HTTPGitServer(root: source.directory.path)
        let mirror = try mirror("http://127.0.0.1:\(server.port)/repository")
        try mirror.fetch(nil, program: BuiltBake.program)
        #expect(try self.head(of: mirror) == head)
    }

    @Test func fetchesACommitByNameWhereTheServerLetsIt() throws {
        try source.commit(files: ["a": "1"])
        let hidden = try source.commit(files: ["a": "2"])
        try source.git("reset", "-q", "--hard", "HEAD~1")
        let server = try HTTPGitServer(root: source.directory.path)
        let mirror = try mirror("http://127.0.0.1:\(server.port)/repository")
        let refused = try #require(ExplainedFailure.of { try mirror.fetch(hidden, program: BuiltBake.program) })
        #expect(refused.exit == .notFound)
        try source.git("config", "uploadpack.allowAnySHA1InWant", "true")
        try mirror.fetch(hidden, program: BuiltBake.program)
        #expect(try GitReader.open(mirror.path, program: BuiltBake.program).resolve(hidden).hex == hidden)
    }

    @Test func asksForALoginOnlyOnce() throws {
        let server = try HTTPGitServer(root: source.directory.path, status: 401)
        let mirror = try mirror("http://127.0.0.1:\(server.port)/repository")
        let error = try #require(ExplainedFailure.of { try mirror.fetch(nil, program: BuiltBake.program) })
        #expect(error.reason == "the host wants a login")
    }

    @Test func saysThatNobodyAnswers() throws {
        let mirror = try mirror("http://127.0.0.1:1/repository")
        let error = try #require(ExplainedFailure.of { try mirror.fetch(nil, program: BuiltBake.program) })
        #expect(error.subject == mirror.url.text && error.reason.contains("refused"))
    }

    @Test(.enabled(if: SSHGitServer.isAvailable, "needs root and openssh-server"))
    func fetchesOverSSHFromAKnownHostOnly() throws {
        let head = try source.commit(files: ["a": "1"])
        let server = try SSHGitServer(directory: source.directory.path)
        let mirror = try mirror("ssh://root@127.0.0.1:\(server.port)\(source.path)")
        let known = "\(source.directory.path)/known_hosts"
        var options = FetchOptions()
        options.agentSocket = server.agent
        options.knownHosts = [known]
        func failure() -> String? {
            ExplainedFailure.of { try mirror.fetch(nil, program: BuiltBake.program, options: options) }?.reason
        }
        #expect(failure() == "the host's key is in no known_hosts file")
        let other = server.hostKey.dropLast(4) + "AAAA"
        try "[127.0.0.1]:\(server.port) \(other)\n".write(toFile: known, atomically: false, encoding: .utf8)
        #expect(failure()?.contains("somebody may be in between") == true)
        try "[127.0.0.1]:\(server.port) \(server.hostKey)\n".write(toFile: known, atomically: false, encoding: .utf8)
        options.agentSocket = nil
        #expect(failure() == "the host took none of the keys that ssh-agent offers")
        options.agentSocket = server.agent
        #expect(failure() == nil)
        #expect(try self.head(of: mirror) == head)
    }
}
