import CSQLiteShims

/// A statement that SQLite has compiled, with the row that it stands at.
final class Statement {
    private let handle: OpaquePointer
    /// The columns' names, in their order.
    let columns: [String]

    /// Compiles the first statement of a text.
    /// - Parameter isKept: whether it will be run again and again.
    init(_ sql: String, in connection: OpaquePointer, isKept: Bool = true) throws(SQLiteError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0, &handle, nil)
        guard code == SQLITE_OK, let handle else {
            throw .refused(code: code, message: String(cString: sqlite3_errmsg(connection)))
        }
        self.handle = handle
        columns = (0..<sqlite3_column_count(handle)).map { place in
            sqlite3_column_name(handle, place).map { String(cString: $0) } ?? ""
        }
    }

    deinit { sqlite3_finalize(handle) }

    /// Begins anew, with values for its `?`.
    func begin(_ values: [LedgerValue]) throws(SQLiteError) {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        for (place, value) in zip(Int32(1)..., values) { try confirm(bind(value, place)) }
    }

    /// Goes to the next row.
    /// - Returns: whether there is one.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw refusal(code)
        }
    }

    /// Lets go of what it read: an open read keeps the log from being emptied.
    func end() { sqlite3_reset(handle) }

    private func bind(_ value: LedgerValue, _ place: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let integer): sqlite3_bind_int64(handle, place, integer)
        case .text(var text):
            text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    csqliteshims_bind_text(handle, place, $0.baseAddress, Int32(clamping: $0.count))
                }
            }
        case .blob(let bytes):
            bytes.withUnsafeBytes { csqliteshims_bind_blob(handle, place, $0.baseAddress, Int32(clamping: $0.count)) }
        }
    }

    private func confirm(_ code: Int32) throws(SQLiteError) { if code != SQLITE_OK { throw refusal(code) } }

    private func refusal(_ code: Int32) -> SQLiteError {
        .refused(code: code, message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }
}

extension Statement {
    /// An integer of this row.
    func integer(_ column: Int32) throws(SQLiteError) -> Int64 {
        guard type(column) == SQLITE_INTEGER else { throw mistyped(column, "an integer") }
        return sqlite3_column_int64(handle, column)
    }

    /// A text of this row. What is no UTF-8 is repaired.
    func text(_ column: Int32) throws(SQLiteError) -> String {
        guard type(column) == SQLITE_TEXT else { throw mistyped(column, "text") }
        return String(decoding: raw(column), as: UTF8.self)
    }

    /// The bytes of a blob of this row.
    func bytes(_ column: Int32) throws(SQLiteError) -> [UInt8] {
        guard type(column) == SQLITE_BLOB else { throw mistyped(column, "bytes") }
        return Array(raw(column))
    }

    /// A value of this row, whatever it is but a number with a fraction: no column of a view is declared REAL.
    func value(_ column: Int32) throws -> LedgerValue {
        switch type(column) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
        case SQLITE_TEXT: .text(String(decoding: raw(column), as: UTF8.self))
        case SQLITE_BLOB: .blob(Array(raw(column)))
        default:
            throw LedgerError.falseView("a view", detail: "\(sqlite3_column_double(handle, column)) is no integer")
        }
    }

    /// Whether another statement stands at a row of the same values, each of the same type.
    func agrees(with other: Statement) -> Bool {
        columns.count == other.columns.count
            && columns.indices.allSatisfy { index in
                let column = Int32(index)
                guard type(column) == other.type(column) else { return false }
                return switch type(column) {
                case SQLITE_INTEGER: sqlite3_column_int64(handle, column) == sqlite3_column_int64(other.handle, column)
                case SQLITE_FLOAT: sqlite3_column_double(handle, column) == sqlite3_column_double(other.handle, column)
                default: raw(column).elementsEqual(other.raw(column))
                }
            }
    }

    private func type(_ column: Int32) -> Int32 { sqlite3_column_type(handle, column) }

    /// The bytes of a text or blob, valid until the next step.
    private func raw(_ column: Int32) -> UnsafeRawBufferPointer {
        // In this order: the first may change how the value is stored. A text is asked for as such, which ends it with a NUL.
        let start =
            type(column) == SQLITE_TEXT
            ? UnsafeRawPointer(sqlite3_column_text(handle, column)) : sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    private func mistyped(_ column: Int32, _ wanted: String) -> SQLiteError {
        .mistyped(column: columns.indices.contains(Int(column)) ? columns[Int(column)] : "\(column)", wanted: wanted)
    }
}
