import Foundation
import Testing

/// Screens that are kept as a file of Fixtures/transcripts, read by people when they change.
public struct Transcript {
    private let name: String
    private let directory: String
    private var text = ""

    /// Starts a transcript.
    /// - Parameter directory: the path that is shown as DIR.
    public init(_ name: String, hiding directory: String) {
        self.name = name
        self.directory = directory
    }

    /// Adds a screen.
    public mutating func add(_ screen: Screen) { text += screen.transcript(hiding: directory) + "\n" }

    /// Compares with the file. `BAKE_RECORD_TRANSCRIPTS=1` writes it instead, to be read in the diff.
    public func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = Repository.root.appending(path: "Fixtures/transcripts/\(name).txt")
        if ProcessInfo.processInfo.environment["BAKE_RECORD_TRANSCRIPTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for (line, (wanted, found)) in zip(Self.lines(expected), Self.lines(text)).enumerated() where wanted != found {
            Issue.record(
                "\(name).txt:\(line + 1)\nexpected \(wanted)\nfound    \(found)", sourceLocation: sourceLocation)
            return
        }
        #expect(Self.lines(expected).count == Self.lines(text).count, sourceLocation: sourceLocation)
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
