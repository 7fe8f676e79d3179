import BakeModel
import BakeTestSupport
import Foundation
import SigningFixtures
import Testing

/// What changes the ledger and no blob, killed at every kind of call that writes: it happened, or it did not.
@Suite struct MoveKillTests {
    /// A command, and one that must work after it, whether it happened or not.
    struct Act: CustomTestStringConvertible {
        let words: [String]
        let next: [String]
        var testDescription: String { words[0] }
    }

    private static let acts = [
        Act(words: ["promote", "2", "staging"], next: ["promote", "2", "staging"]),
        Act(words: ["rollback", "small:preview"], next: ["thaw", "small:preview"]),
        Act(words: ["approve", "2", "production"], next: ["approve", "2", "production"]),
        Act(words: ["freeze", "--environment", "staging"], next: ["thaw", "--environment", "staging"]),
        Act(words: ["env", "apply", "other.yaml"], next: ["env", "apply", "other.yaml"]),
    ]

    private static let calls = ["pwrite64", "fdatasync", "fsync", "rename", "renameat2", "ftruncate", "unlink"]

    private let small: SmallRepository
    private let bench: SigningBench

    /// Two generations, the first in staging, both in preview.
    init() throws {
        small = try SmallRepository()
        bench = try SigningBench()
        let bob = try bench.key("bob").publicHalf
        let policy = """
            environments:
              staging: {}
              preview: {}
              production: { approve: { need: 1, by: [bob] } }

            """
        try small.git.commit(files: [
            "bake.yaml": "name: small\nstages: { app: { from: scratch, add: { /srv/: src/ } } }\nimage: app\n",
            "allowed_signers": "bob \(bob)\n", "policy.yaml": "signers: allowed_signers\n\(policy)",
            "other.yaml": "signers: allowed_signers\n\(policy)  more: {}\n",
        ])
        let start = [
            ["build"], ["env", "apply", "policy.yaml"], ["promote", "1", "staging"], ["promote", "1", "preview"],
        ]
        for words in start { try #require(try small.bake(words).status == 0) }
        try small.commitPage("hello again")
        for words in [["build"], ["promote", "2", "preview"]] { try #require(try small.bake(words).status == 0) }
    }

    private func bake(_ words: [String], wrapper: [String] = []) throws -> Screen {
        let key = words[0] == "approve" ? ["--key", "\(bench.directory)/bob"] : []
        return try small.bake(words + key, wrapper: wrapper)
    }

    /// What was recorded, by kind.
    private func kinds() throws -> [String] {
        let entries = try small.bake("audit", "--acts", "--json").json()["entries"]?.items ?? []
        return entries.compactMap { $0["kind"]?.string }
    }

    /// How often a command makes each call.
    private func counts(of words: [String]) throws -> [String: Int] {
        let trace = "\(small.git.directory.path)/trace"
        let set = Self.calls.joined(separator: ",")
        let run = try bake(words, wrapper: ["/usr/bin/strace", "-f", "-qq", "-o", trace, "-e", "trace=\(set)"])
        #expect(run.status == 0, "\(run.errors)")
        var counts: [String: Int] = [:]
        for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") {
            guard let call = Self.calls.first(where: { line.contains(" \($0)(") }) else { continue }
            counts[call, default: 0] += 1
        }
        return counts
    }

    /// The first, one in the middle, the last.
    private static func points(_ count: Int) -> [Int] { Set([1, (count + 1) / 2, count]).sorted() }

    @Test("P1, P2, P6: killed at any of its calls, it is whole or absent, and the next command works", arguments: acts)
    func killed(_ act: Act) throws {
        let files = FileManager.default
        let kept = "\(small.store).kept"
        try files.copyItem(atPath: small.store, toPath: kept)
        let before = try kinds()
        let counts = try counts(of: act.words)
        let after = try kinds()
        #expect(after.count > before.count)
        #expect(counts["fdatasync", default: 0] >= 1, "what is acknowledged is on the disk")
        for (call, count) in counts.sorted(by: { $0.key < $1.key }) {
            for number in Self.points(count) {
                try files.removeItem(atPath: small.store)
                try files.copyItem(atPath: kept, toPath: small.store)
                let inject = "inject=\(call):signal=KILL:when=\(number)"
                _ = try bake(
                    act.words,
                    wrapper: ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", inject])
                let found = try kinds()
                #expect(found == before || found == after, "\(act.words[0]), \(call) \(number): \(found)")
                let next = try bake(act.next)
                #expect(next.status == 0, "\(act.words[0]), \(call) \(number): \(next.errors)")
                #expect(try small.bake("fsck").status == 0)
                #expect(try files.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
            }
        }
    }
}
