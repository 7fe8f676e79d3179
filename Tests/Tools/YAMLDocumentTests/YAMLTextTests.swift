import BakeModel
import Testing
import YAMLDocument

@Suite struct YAMLTextTests {
    @Test(
        "a node's text reads back to the same text, and to the same values",
        arguments: [
            "{}", "[]", "a", "''", "~", "{a: ~, b: '', c: null, d: 'null'}",
            "[1, '1', 1.5, -1, +1, .inf, 0o17, 0644, '0644']",
            "a: [[], {}, [[b]], {c: [d]}]", "- - a\n  - b\n- c: |\n    d\n     e\n\n  f: \"\\t\\\"\\\\\\e\\u2028\"\n",
            "a: b c\n\"x: y\": \"# no comment\"\n'- a': '- b'\n", "['---', '...', \"-\", \"--- a\"]", "{---x: y}",
            "a: /etc/passwd\nb: yes\nc: true\nd: 'true'\n", "日本: 'é'\n",
        ])
    func roundTrip(text: String) throws {
        let node = try parse(text)
        let written = node.text
        let again = try parse(written)
        #expect(again.text == written)
        #expect(meaning(again) == meaning(node))
    }

    @Test("a block of its own lines")
    func transcript() throws {
        let node = try parse("{b: [1, {c: 'x y'}], a: {}}")
        #expect(node.text == "b:\n  - 1\n  -\n    c: \"x y\"\na: {}\n")
    }

    private func parse(_ text: String) throws -> YAMLNode {
        try #require(try YAMLDocument(parsing: Array(text.utf8), file: "x").root)
    }

    /// The value with what decides its type: quoted text is text, plain text may be a number.
    private func meaning(_ node: YAMLNode) -> String {
        switch node {
        case .scalar(let scalar) where scalar.isNull: "null"
        case .scalar(let scalar):
            "\(scalar.isPlain && (Double(scalar.text) != nil || scalar.boolean != nil) ? "value" : "text")(\(scalar.text))"
        case .sequence(let list): "[\(list.items.map(meaning).joined(separator: ","))]"
        case .mapping(let map): "{\(map.members.map { "\($0.key.text)=\(meaning($0.value))" }.joined(separator: ","))}"
        case .unusable: "unusable"
        }
    }
}
