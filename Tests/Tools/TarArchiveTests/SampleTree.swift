import BakeModel

/// One of everything that a layer can hold, in order.
enum SampleTree {
    static let longName = String(repeating: "n", count: 120)
    /// Two spellings that Unicode calls equal, and a name that is no Unicode at all.
    static let decomposed = Array("names/e\u{301}".utf8)
    static let composed = Array("names/\u{e9}".utf8)
    static let notUnicode = Array("names/bad".utf8) + [0xff, 0xfe]
    static let capability: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// Three megabytes that compress somewhat, so that a layer has several members.
    static let large: [UInt8] = {
        let digits = (0..<50_000).map { String($0 &* 2_654_435_761, radix: 36) }.joined()
        return Array(String(repeating: digits, count: 3_000_000 / digits.utf8.count + 1).utf8.prefix(3_000_000))
    }()

    static let entries: [ReadEntry] = [
        .other(.root, .directory, mode: 0o755),
        .other(TreePath("bin"), .directory),
        .file(TreePath("bin/large"), large, mode: 0o4755, owner: Owner(user: 1000, group: 50)),
        .other(TreePath("bin/link"), .symlink(target: Array("../names/é".utf8)), mode: 0o777),
        .other(TreePath("bin/same"), .hardlink(to: TreePath("bin/large")), mode: 0o4755),
        .other(TreePath("deep"), .directory),
        .file(TreePath("deep/\(longName)/\(longName)/file"), Array("deep".utf8)),
        .file(TreePath("empty"), [], owner: Owner(user: 4_000_000_000, group: 3_000_000_000)),
        .other(TreePath("names"), .directory, mode: 0o1777),
        .file(TreePath(known: notUnicode), Array("bytes".utf8)),
        .file(TreePath(known: decomposed), Array("two".utf8)),
        .file(TreePath(known: composed), Array("one".utf8)),
        .other(TreePath("pipe"), .fifo, mode: 0o600),
        .file(
            TreePath("ping"), Array("ping".utf8), mode: 0o755,
            attributes: [
                ExtendedAttribute(name: "security.capability", value: capability),
                ExtendedAttribute(name: "user.b", value: [0, 10, 61, 255]),
                ExtendedAttribute(name: "user.a", value: []),
            ]),
    ].sorted { $0.entry.path < $1.entry.path }
}
