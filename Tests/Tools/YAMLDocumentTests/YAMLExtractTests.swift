import BakeModel
import Foundation
import Testing
import YAMLDocument

@Suite struct YAMLExtractTests {
    /// The place of every word of a part, found by eye in the text.
    @Test func leadsBack() throws {
        let text = """
            name: a
            spec:
              # a comment
              - file:   { "/x y": {mode: '0644',   exists: true} }
                list:
                - one
                -   two
            """
        let document = try YAMLDocument(parsing: Array(text.utf8), file: "f")
        guard case .mapping(let map)? = document.root, case .sequence(let list)? = map["spec"] else {
            Issue.record("no list")
            return
        }
        let extract = YAMLExtract(list.items[0])
        let lines = extract.text.split(separator: "\n").map(String.init)
        let places = [
            "file": (4, 5), "\"/x y\"": (4, 15), "mode": (4, 24), "\"0644\"": (4, 30), "exists": (4, 40),
            "true": (4, 48), "list": (5, 5), "one": (6, 7), "two": (7, 9),
        ]
        for (word, place) in places {
            let line = try #require(lines.firstIndex { $0.contains(word) })
            let column = try #require(lines[line].range(of: word)).lowerBound
            let own = SourcePosition(
                line: line + 1, column: lines[line].distance(from: lines[line].startIndex, to: column) + 1)
            #expect(extract.origin(of: own) == SourcePosition(line: place.0, column: place.1), "\(word)")
            // Within a word, its beginning.
            let within = SourcePosition(line: own.line, column: own.column + 1)
            #expect(extract.origin(of: within) == SourcePosition(line: place.0, column: place.1), "\(word)")
        }
    }
}
