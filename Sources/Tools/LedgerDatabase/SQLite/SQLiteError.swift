/// What SQLite refused, or what it gave that was not asked for.
enum SQLiteError: Error, Hashable {
    /// A call failed.
    /// - code: the extended result code, sqlite.org/rescode.html.
    case refused(code: Int32, message: String)
    /// A column holds a value of another type.
    case mistyped(column: String, wanted: String)

    /// The extended result code; nil where no call failed.
    var code: Int32? {
        if case .refused(let code, _) = self { code } else { nil }
    }

    /// The result code without what extends it; nil where no call failed.
    var result: Int32? { code.map { $0 & 0xff } }
}
