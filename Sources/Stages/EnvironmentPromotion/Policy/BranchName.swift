/// What git takes for a branch. git-check-ref-format(1), as far as a name could be taken for something else.
enum BranchName {
    /// Whether text is the name of a branch alone, as in `main`.
    static func accepts(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && !"~^:?*[\\\u{7f}".utf8.contains($0) }
        return isPlain && !text.hasPrefix("-") && !text.contains("..") && !text.contains("@{")
            && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 255
    }
}
