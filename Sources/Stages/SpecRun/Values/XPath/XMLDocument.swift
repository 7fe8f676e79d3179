/// An XML document, read as far as `xml` needs it: elements, attributes, text. Document types with entities of their own
/// are refused. W3C XML 1.0.
final class XMLDocument {
    /// An element.
    final class Element {
        /// What stands below an element.
        enum Part {
            case element(Element)
            case text(String)
        }

        /// An attribute.
        struct Attribute {
            let name: String
            let value: String

            /// Whether it declares a namespace.
            var isDeclaration: Bool { name == "xmlns" || name.hasPrefix("xmlns:") }
        }

        let name: String
        let attributes: [Attribute]
        /// The elements and texts right below it; no two texts stand beside each other, and none is empty.
        fileprivate(set) var nodes: [Part] = []

        init(name: String, attributes: [Attribute]) {
            self.name = name
            self.attributes = attributes
        }

        fileprivate func add(_ text: String) {
            if text.isEmpty { return }
            guard case .text(let before)? = nodes.last else { return nodes.append(.text(text)) }
            nodes[nodes.count - 1] = .text(before + text)
        }
    }

    /// Why text is no XML.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// What stands above the root element.
    let top = Element(name: "", attributes: [])
    private let bytes: [UInt8]
    private var offset = 0
    private static let deepest = 100

    /// Reads a document.
    init(_ bytes: [UInt8]) throws(Fault) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(reason: "it is no UTF-8") }
        self.bytes = bytes
        if has("\u{feff}") { offset += 3 }
        var open = [top]
        while offset < bytes.count { try readPart(&open) }
        guard open.count == 1 else { throw Fault(reason: "<\(open.last?.name ?? "")> has no end") }
        let roots = top.nodes.count { if case .element = $0 { true } else { false } }
        guard roots == 1 else { throw Fault(reason: "it has \(roots) root elements") }
    }

    private func readPart(_ open: inout [Element]) throws(Fault) {
        if has("<!--") { return try skip(to: "-->") }
        if has("<?") { return try skip(to: "?>") }
        if has("<![CDATA[") {
            offset += 9
            return add(String(decoding: try take(to: "]]>"), as: UTF8.self), to: open)
        }
        if has("<!") {
            let declaration = String(decoding: try take(to: ">"), as: UTF8.self)
            guard !declaration.contains("[") else { throw Fault(reason: "its document type declares something") }
            return
        }
        if has("</") {
            offset += 2
            let name = String(decoding: try take(to: ">"), as: UTF8.self).filter { !$0.isWhitespace }
            guard open.count > 1, open.last?.name == name else { throw Fault(reason: "</\(name)> ends nothing") }
            open.removeLast()
            return
        }
        if has("<") { return try readElement(&open) }
        let text = bytes[offset...].prefix { $0 != UInt8(ascii: "<") }
        offset += text.count
        add(try Self.resolved(text), to: open)
    }

    private func add(_ text: String, to open: [Element]) { open.last?.add(text) }

    private func readElement(_ open: inout [Element]) throws(Fault) {
        offset += 1
        let name = takeName()
        guard !name.isEmpty, open.count < Self.deepest else {
            throw Fault(reason: "byte \(offset + 1) begins no element")
        }
        var attributes: [Element.Attribute] = []
        while true {
            skipSpace()
            if has("/>") || has(">") { break }
            let key = takeName()
            skipSpace()
            guard !key.isEmpty, has("=") else { throw Fault(reason: "byte \(offset + 1) is no attribute") }
            offset += 1
            skipSpace()
            guard has("\"") || has("'") else { throw Fault(reason: "byte \(offset + 1) is no attribute's value") }
            let quote: StaticString = has("\"") ? "\"" : "'"
            offset += 1
            attributes.append(Element.Attribute(name: key, value: try Self.resolved(try take(to: quote))))
        }
        let element = Element(name: name, attributes: attributes)
        open.last?.nodes.append(.element(element))
        if has("/>") {
            offset += 2
        } else {
            offset += 1
            open.append(element)
        }
    }

    private func has(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    }

    private func skip(to end: StaticString) throws(Fault) { _ = try take(to: end) }

    private func take(to end: StaticString) throws(Fault) -> ArraySlice<UInt8> {
        let start = offset
        while offset < bytes.count {
            if has(end) {
                defer { offset += end.utf8CodeUnitCount }
                return bytes[start..<offset]
            }
            offset += 1
        }
        throw Fault(reason: "there is no \(end) after byte \(start + 1)")
    }

    private func takeName() -> String {
        let name = bytes[offset...].prefix { !" \t\r\n=/><\"'".utf8.contains($0) }
        offset += name.count
        return String(decoding: name, as: UTF8.self)
    }

    private func skipSpace() { while offset < bytes.count, " \t\r\n".utf8.contains(bytes[offset]) { offset += 1 } }

    private static let entities = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]

    private static func resolved(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
        var text = ""
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let start = rest.firstIndex(of: "&") {
            text += rest[..<start]
            guard let end = rest[start...].firstIndex(of: ";") else { throw Fault(reason: "an & has no ;") }
            text += try entity(rest[rest.index(after: start)..<end])
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private static func entity(_ name: Substring) throws(Fault) -> String {
        if let plain = entities[String(name)] { return plain }
        let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
        guard name.hasPrefix("#"), let number, let scalar = Unicode.Scalar(number) else {
            throw Fault(reason: "there is no entity &\(name);")
        }
        return String(Character(scalar))
    }
}
