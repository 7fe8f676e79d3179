import BakeModel

extension YAMLProblem {
    /// The problem in words for the person who wrote the file, with what usually mends it.
    func fault(in bytes: [UInt8]) -> YAMLComposer.Fault {
        let place = position ?? SourceText.position(of: offset, in: bytes)
        if context == "while scanning an alias" {
            return YAMLComposer.Fault(
                message: "an unquoted * begins an alias, which is not in this version",
                position: contextPosition ?? place, suggestion: "a pattern needs quotes: \"*.c\"")
        }
        if context == "while scanning an anchor" {
            return YAMLComposer.Fault(
                message: "an unquoted & begins an anchor, which is not in this version",
                position: contextPosition ?? place, suggestion: "quote the text")
        }
        let doing = context.isEmpty ? "" : "\(context)\(since(place)): "
        return YAMLComposer.Fault(message: "\(doing)\(message)", position: place, suggestion: suggestion)
    }

    private func since(_ place: SourcePosition) -> String {
        guard let contextPosition, contextPosition.line != place.line else { return "" }
        return " that begins in line \(contextPosition.line)"
    }

    private var suggestion: String? {
        switch message {
        case "mapping values are not allowed in this context": "text with a colon and a space in it needs quotes"
        case "found character that cannot start any token":
            "indent with spaces, not tabs; text that begins with @, ` or % needs quotes"
        default: nil
        }
    }
}
