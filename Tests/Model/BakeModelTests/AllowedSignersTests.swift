import BakeModel
import Testing

@Suite struct AllowedSignersTests {
    private static let keys = ["A", "B"].map { "AAAAC3NzaC1lZDI1NTE5AAAAI" + String(repeating: $0, count: 43) }
    private let alice = "alice,alice@example.org,uid:1000 valid-before=\"20300101\" ssh-ed25519 \(keys[0]) her laptop"

    @Test("the first principal is the person, the others are further names")
    func people() throws {
        let signers = try AllowedSigners("# ours\n\n\(alice)\nbob ssh-ed25519 \(Self.keys[1])\n")
        #expect(signers.people == ["alice", "bob"])
        #expect(signers.person(called: "Alice@Example.org") == "alice")
        #expect(signers.person(called: "uid:1000") == "alice")
        #expect(signers.person(called: "uid:100") == nil)
    }

    @Test(
        "what could mean several people is refused, with its line",
        arguments: [
            ("*@example.org ssh-ed25519 \(keys[1])", "patterns"), ("\"a b\" ssh-ed25519 \(keys[1])", "patterns"),
            ("bob cert-authority ssh-ed25519 \(keys[1])", "cert-authority"), ("bob ssh-ed25519", "a line is"),
            ("bob \(keys[1])", "a line is"), ("bob ssh-ed25519 \(keys[0])", "this key is alice's already"),
            ("bob,ALICE@example.org ssh-ed25519 \(keys[1])", "is alice's already"),
        ])
    func faults(line: String, words: String) throws {
        let fault = #expect(throws: AllowedSigners.Fault.self) { try AllowedSigners("\(alice)\n\(line)\n") }
        #expect(fault?.line == 2)
        #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
    }

    @Test("what ssh-keygen takes for a line, a word or a name of its own is one here, too: no key is hidden")
    func hidden() throws {
        // To Swift a carriage return with a line feed is one letter, and so is a comma with an accent.
        let lines = try AllowedSigners("\(alice)\r\nalice ssh-ed25519 \(Self.keys[1])\r\n")
        #expect(lines.keys.map(\.body) == Self.keys && lines.keys.map(\.line) == [1, 2])
        let names = try AllowedSigners("bob,\u{301}x ssh-ed25519 \(Self.keys[1])\n")
        #expect(names.people == ["bob"] && names.person(called: "\u{301}x") == "bob")
        let pattern = #expect(throws: AllowedSigners.Fault.self) {
            try AllowedSigners("*\u{301} ssh-ed25519 \(Self.keys[1])\n")
        }
        #expect(pattern?.message.contains("patterns") == true)
        let mark = #expect(throws: AllowedSigners.Fault.self) { try AllowedSigners("\u{FEFF}\(alice)\n") }
        #expect(mark?.message.contains("byte order mark") == true)
    }

    @Test("a file that names nobody")
    func nobody() { #expect(throws: AllowedSigners.Fault.self) { try AllowedSigners("# nobody\n") } }
}
