import BakeModel
import YAMLDocument

/// `signers:` and `operators:` of a policy file.
struct SignersClause {
    private let attachments: PolicyFile.Attachments
    /// Collects the faults.
    private(set) var yaml: YAMLReader

    init(attachments: @escaping PolicyFile.Attachments, yaml: YAMLReader) {
        self.attachments = attachments
        self.yaml = yaml
    }

    /// `signers: allowed_signers`: a file beside the policy, kept with it.
    mutating func signers(_ node: YAMLNode) -> AllowedSigners? {
        guard let path = yaml.text(node, "signers"),
            let text = yaml.attachment(path, at: node.position, attachments)
        else { return nil }
        do throws(AllowedSigners.Fault) {
            let signers = try AllowedSigners(text)
            // Whom the other clauses mean is known all the same.
            do throws(AllowedSigners.Fault) { try signers.confirmKeys() } catch { note(error, path, node) }
            return signers
        } catch {
            note(error, path, node)
            return nil
        }
    }

    private mutating func note(_ fault: AllowedSigners.Fault, _ path: String, _ node: YAMLNode) {
        yaml.note("\(path):\(fault.line): \(fault.message)", at: node.position)
    }

    /// `operators: [alice]`: who may put another policy in force.
    mutating func operators(_ node: YAMLNode, among signers: AllowedSigners?) -> [String] {
        guard let items = yaml.items(node, "operators") else { return [] }
        if items.isEmpty { yaml.note("operators names nobody; without the key anybody may", at: node.position) }
        return items.compactMap { yaml.signer($0, "an operator", among: signers) }
    }
}

extension YAMLReader {
    private static let largestAttachment = 256 << 10

    /// The text of a file beside the policy.
    mutating func attachment(
        _ path: String, at position: SourcePosition, _ read: PolicyFile.Attachments
    ) -> String? {
        do {
            let bytes = try read(path)
            guard bytes.count <= Self.largestAttachment, let text = String(validating: bytes, as: UTF8.self) else {
                note("\(path) is no text of at most \(Self.largestAttachment) bytes", at: position)
                return nil
            }
            return text
        } catch {
            let reason = (error as? any ExplainedError)?.reason ?? "no file is at hand"
            note("\(path) cannot be read: \(reason)", at: position, suggestion: "a path beside the policy file")
            return nil
        }
    }

    /// The name of a person of the signers.
    mutating func signer(_ node: YAMLNode, _ what: String, among signers: AllowedSigners?) -> String? {
        guard let text = text(node, what) else { return nil }
        guard let signers else {
            note(
                "\(text) cannot sign: the policy has no \"signers\"", at: node.position,
                suggestion: "signers: allowed_signers, a file of lines NAME KEYTYPE KEY")
            return nil
        }
        if signers.people.contains(text) { return text }
        note(
            "\"\(text)\" is nobody in the signers", at: node.position,
            suggestion: Spelling.suggestion(for: text, in: signers.people)
                ?? "they are \(signers.people.joined(separator: ", "))")
        return nil
    }
}
