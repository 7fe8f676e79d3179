/// An XML document, read as far as `xml` needs it: elements, attributes, text. Document types with entities of their own
/// are refused. W3C XML 1.0.
final class XMLDocument {
    /// An element.
    final class Element {
        let name: String
        let attributes: [String: String]
        fileprivate var parts: [Part] = []

        fileprivate enum Part {
            case element(Element)
            case text(String)
        }

        /// The elements right below it.
        var children: [Element] { parts.compactMap { if case .element(let element) = $0 { element } else { nil } } }

        /// The text of it and of everything below it.
        var text: String {
            var text = ""
            for part in parts {
                switch part {
                case .element(let element): text += element.text
                case .text(let own): text += own
                }
            }
            return text
        }

        /// Its own text, between the elements below it.
        var textNodes: [String] {
            var nodes: [String] = []
            var isOpen = false
            for part in parts {
                guard case .text(let text) = part else {
                    isOpen = false
                    continue
                }
                if isOpen { nodes[nodes.count - 1] += text } else { nodes.append(text) }
                isOpen = true
            }
            return nodes.filter { !$0.isEmpty }
        }

        init(name: String, attributes: [String: String]) {
            self.name = name
            self.attributes = attributes
        }
    }

    /// Why text is no XML.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// What stands above the root element.
    let top = Element(name: "", attributes: [:])
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
        guard top.children.count == 1 else { throw Fault(reason: "it has \(top.children.count) root elements") }
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

    private func add(_ text: String, to open: [Element]) { open.last?.parts.append(.text(text)) }

    private func readElement(_ open: inout [Element]) throws(Fault) {
        offset += 1
        let name = takeName()
        guard !name.isEmpty, open.count < Self.deepest else {
            throw Fault(reason: "byte \(offset + 1) begins no element")
        }
        var attributes: [String: String] = [:]
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
            attributes[key] = try Self.resolved(try take(to: quote))
        }
        let element = Element(name: name, attributes: attributes)
        open.last?.parts.append(.element(element))
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
