import GitRepository

/// Where a commit is looked for.
public enum CheckoutSource: Hashable, Sendable {
    /// A repository on this machine: its path, or that of a directory in its work tree.
    case local(String)
    /// One elsewhere, fetched into a mirror first.
    case remote(RemoteURL)

    /// Reads what a person typed: an address with an optional `#REVISION`, else a path as it stands.
    /// - Returns: the source, and the revision where one was given.
    public static func parse(_ text: String) throws(RemoteURLError) -> (source: CheckoutSource, revision: String?) {
        guard RemoteURL.isAddress(text) else { return (.local(text), nil) }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let revision = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
        return (.remote(try RemoteURL(parsing: String(parts[0]))), revision)
    }
}
