import BakeModel
import Foundation
import Testing

@Suite struct DebianVersionTests {
    private static let versions = [
        "1.0~~", "1.0~~a", "1.0~", "1.0", "1.0-0", "1.0-1~deb12u2", "1.0-1", "1.0-1+b1", "1.0a", "1.0+", "1.0.1", "1.2",
        "1.10", "3.0.14-1~deb12u2", "3.0.15-1~deb12u1", "1:0.1", "1:0.01", "0:9", "9",
    ]

    /// Every pair is compared by dpkg itself, which is in every Debian.
    @Test(
        "the order is dpkg's",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg"), "no dpkg"))
    func order() throws {
        let pairs = Self.versions.flatMap { left in Self.versions.map { (left, $0) } }
        let script = "while read a b; do for r in lt eq gt; do dpkg --compare-versions $a $r $b && echo $r; done; done"
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(pairs.map { "\($0.0) \($0.1)\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let relations = answer.split(separator: "\n")
        try #require(relations.count == pairs.count)
        for ((left, right), relation) in zip(pairs, relations) {
            let (one, other) = (try #require(DebianVersion(left)), try #require(DebianVersion(right)))
            let own = one < other ? "lt" : one == other ? "eq" : "gt"
            #expect(own == relation, "\(left) \(right)")
        }
    }

    @Test("what is no version is refused", arguments: ["", "a b", "x:1", "-1:2"])
    func strangers(text: String) { #expect(DebianVersion(text) == nil) }

    @Test(
        "a question takes the versions that it asks for",
        arguments: [
            ("openssl", "1", true), ("openssl<3.0.15", "3.0.14-1~deb12u2", true), ("openssl<3.0.15", "3.0.15-1", false),
            ("openssl<<3.0.15", "3.0.15", false), ("openssl<=3.0.15", "3.0.15", true), ("openssl>=3", "3.0.1", true),
            ("openssl>3", "3", false), ("openssl=3.0-1", "3.0-1", true), ("openssl=3.0-1", "3.0-2", false),
        ])
    func question(text: String, version: String, isTaken: Bool) throws {
        let question = try #require(PackageQuestion(text))
        #expect(question.name == "openssl" && question.description == text)
        #expect(question.takes(version) == isTaken)
    }

    @Test("what asks for no package is refused", arguments: ["", "<1", "openssl<", "open ssl"])
    func nonsense(text: String) { #expect(PackageQuestion(text) == nil) }
}
