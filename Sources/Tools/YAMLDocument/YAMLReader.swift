import BakeModel

/// Takes values out of a document and collects everything that is wrong with them.
///
/// A method that finds a value unfit notes the fault and returns nil; what is noted already (`.unusable`) it passes over.
public struct YAMLReader {
    private let source: SourceText
    /// What is wrong so far.
    public private(set) var faults: [SourceFault]
    private static let most = 100

    /// Reads a file's bytes; the faults of its syntax are the first that the reader holds.
    public static func open(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .standard
    ) -> (reader: YAMLReader, root: YAMLNode?) {
        let (document, faults) = YAMLDocument.examine(bytes, file: file, limits: limits)
        return (YAMLReader(source: document.source, faults: faults), document.root)
    }

    /// Starts to read a document that has no faults of syntax.
    public init(_ document: YAMLDocument) { self.init(source: document.source, faults: []) }

    private init(source: SourceText, faults: [SourceFault]) {
        self.source = source
        self.faults = faults
    }

    /// Notes a fault.
    public mutating func note(_ message: String, at position: SourcePosition, suggestion: String? = nil) {
        guard faults.count < Self.most else { return }
        faults.append(source.fault(message, at: position, suggestion: suggestion))
    }

    /// Ends the reading: the value, or all faults at once.
    public func finish<Value>(_ value: Value?) throws(SourceFaults) -> Value {
        if let faults = SourceFaults(faults) { throw faults }
        guard let value else { throw SourceFaults(source.fault("the file says nothing", at: .start)) }
        return value
    }

    /// The text of a scalar that is not null. `what` names it in the message: `"from"`.
    public mutating func text(_ node: YAMLNode, _ what: String) -> String? { scalar(node, what)?.text }

    /// A scalar that is not null.
    public mutating func scalar(_ node: YAMLNode, _ what: String) -> YAMLScalar? {
        if case .scalar(let scalar) = node, !scalar.isNull { return scalar }
        noteKind(of: node, what, wanted: "text")
        return nil
    }

    /// `true` or `false`.
    public mutating func flag(_ node: YAMLNode, _ what: String) -> Bool? {
        if case .scalar(let scalar) = node, let flag = scalar.boolean { return flag }
        noteKind(of: node, what, wanted: "true or false")
        return nil
    }

    /// An unquoted decimal integer.
    public mutating func integer(_ node: YAMLNode, _ what: String) -> Int64? {
        if case .scalar(let scalar) = node, let integer = scalar.integer { return integer }
        noteKind(of: node, what, wanted: "a number")
        return nil
    }

    /// The items of a list.
    public mutating func items(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        if case .sequence(let sequence) = node { return sequence.items }
        noteKind(of: node, what, wanted: "a list")
        return nil
    }

    /// The texts of a list of text.
    public mutating func texts(_ node: YAMLNode, _ what: String) -> [String]? {
        guard let items = items(node, what) else { return nil }
        let texts = items.compactMap { text($0, "an item of \(what)") }
        return texts.count == items.count ? texts : nil
    }

    /// A mapping with keys of any name.
    public mutating func mapping(_ node: YAMLNode, _ what: String) -> YAMLMapping? {
        if case .mapping(let mapping) = node { return mapping }
        noteKind(of: node, what, wanted: "a map")
        return nil
    }

    /// A mapping whose keys are all known. Others are noted: those of `later` as not in this version, the rest as
    /// unknown, with the known key that was probably meant. The mapping comes back all the same.
    public mutating func record(
        _ node: YAMLNode, _ what: String, keys known: [String], later: [String] = []
    ) -> YAMLMapping? {
        guard let mapping = mapping(node, what) else { return nil }
        for key in mapping.members.map(\.key) where !known.contains(key.text) {
            if later.contains(key.text) {
                note("\"\(key.text)\" is not in this version", at: key.position)
            } else {
                let suggestion = Self.suggestion(for: key.text, known, later)
                note("\(what) has no key \"\(key.text)\"", at: key.position, suggestion: suggestion)
            }
        }
        return mapping
    }

    private static func suggestion(for key: String, _ known: [String], _ later: [String]) -> String {
        guard let near = Spelling.closest(to: key, in: known + later) else {
            return "its keys are \(known.joined(separator: ", "))"
        }
        return "did you mean \"\(near)\"?" + (known.contains(near) ? "" : " It is not in this version.")
    }

    /// Notes that a node is of another kind than wanted; in silence where it is noted already.
    public mutating func noteKind(of node: YAMLNode, _ what: String, wanted: String) {
        switch node {
        case .unusable: break
        case .scalar(let scalar) where !scalar.isNull:
            note("\(what) is \(wanted), not \"\(scalar.text)\"", at: node.position)
        default: note("\(what) is \(wanted), not \(node.kind)", at: node.position)
        }
    }
}
