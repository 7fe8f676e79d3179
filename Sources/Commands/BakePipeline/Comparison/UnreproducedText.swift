import BakeModel
import ImageComparison

/// The files in which two builds differ, as lines for people.
public struct UnreproducedText {
    /// One line for each file and one for its cause, the first of them; not escaped.
    public let lines: [String]

    private static let most = 20

    /// Describes files.
    /// - Parameter stage: names the stage of a layer; nil where all are of one.
    public init(_ files: [UnreproducedFile], stage: (Int) -> String? = { _ in nil }) {
        var lines: [String] = []
        for file in files.prefix(Self.most) {
            let origin = file.layer.flatMap(stage).map { "  stage \($0)" } ?? ""
            lines.append("/\(file.change.path)  \(file.aspects)\(origin)")
            if let cause = file.cause { lines.append("  \(cause.sentence)") }
        }
        if files.count > Self.most { lines.append("and \(files.count - Self.most) more") }
        self.lines = lines
    }
}
