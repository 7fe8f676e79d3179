import BakeModel
import Signing
import YAMLDocument

/// What a policy file says of the store itself: `builders:`, `anchor:`, `max_size:`.
struct StoreClause {
    private let attachments: PolicyFile.Attachments
    /// Collects the faults.
    private(set) var yaml: YAMLReader

    init(attachments: @escaping PolicyFile.Attachments, yaml: YAMLReader) {
        self.attachments = attachments
        self.yaml = yaml
    }

    /// `builders: [ci.pub]`: the public keys of those who may say how an image was made.
    mutating func builders(_ node: YAMLNode) -> [PolicyDocument] {
        guard let items = yaml.items(node, "builders") else { return [] }
        if items.isEmpty { yaml.note("builders names no key", at: node.position) }
        return items.compactMap { item in
            guard let path = yaml.text(item, "a key of builders"),
                let text = yaml.attachment(path, at: item.position, attachments)
            else { return nil }
            return key(PolicyDocument(name: path, text: text), at: item.position)
        }
    }

    /// A private key must never get into a ledger, which keeps everything for ever.
    private mutating func key(_ file: PolicyDocument, at position: SourcePosition) -> PolicyDocument? {
        if file.text.contains("PRIVATE KEY") {
            yaml.note("\(file.name) is a private key; the policy takes its public half", at: position)
            return nil
        }
        do throws(KeyFault) {
            _ = try VerifyingKey(pem: Array(file.text.utf8), name: file.name)
            return file
        } catch {
            yaml.note("\(file.name) is no public key: \(error.reason)", at: position, suggestion: error.hint)
            return nil
        }
    }

    /// `anchor: { file: /srv/anchor/web }` or `anchor: { git: "ssh://…", branch: main }`.
    mutating func anchor(_ node: YAMLNode) -> AnchorPlace? {
        guard let clause = yaml.record(node, "anchor", keys: ["file", "git", "branch"]) else { return nil }
        switch (clause["file"], clause["git"]) {
        case (let file?, nil):
            if let branch = clause["branch"] { yaml.note("a file has no branch", at: branch.position) }
            return self.file(file)
        case (nil, let git?): return repository(git, clause["branch"])
        default:
            yaml.note("anchor is either a \"file\" or a \"git\" repository", at: node.position)
            return nil
        }
    }

    private mutating func file(_ node: YAMLNode) -> AnchorPlace? {
        guard let path = yaml.text(node, "file") else { return nil }
        if path.hasPrefix("/"), !path.hasSuffix("/"), path.utf8.allSatisfy({ $0 >= 0x20 }) { return .file(path) }
        yaml.note("\"\(path)\" is no absolute path of a file", at: node.position)
        return nil
    }

    private mutating func repository(_ node: YAMLNode, _ branch: YAMLNode?) -> AnchorPlace? {
        guard let url = yaml.text(node, "git") else { return nil }
        let name = branch.map { yaml.text($0, "branch") } ?? "main"
        guard let name else { return nil }
        if !BranchName.accepts(name) {
            yaml.note(
                "\"\(name)\" is no branch", at: (branch ?? node).position, suggestion: "its name alone, as in main")
        }
        let isPlain = url.contains(":") && url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f } && url.utf8.count <= 2048
        if !isPlain {
            yaml.note(
                "\"\(url)\" is no address of a repository", at: node.position,
                suggestion: "https://HOST/PATH, ssh://USER@HOST/PATH or file:///PATH")
        }
        return .git(url: url, branch: name)
    }

    /// `max_size: 200G`: the most that the store's blobs may have.
    mutating func maxSize(_ node: YAMLNode) -> UInt64? {
        guard let text = yaml.text(node, "max_size") else { return nil }
        if let bytes = Quantity.bytes(text), bytes > 0 { return bytes }
        yaml.note("\"\(text)\" is no size", at: node.position, suggestion: "as in 200G; powers of 1024")
        return nil
    }
}
