/// The records of a pax extended header (POSIX.1-2001): `LENGTH KEY=VALUE\n`, checked for what readers differ about.
struct PaxRecords {
    /// The size that overrides the one in the entry's header.
    private(set) var size: UInt64?
    /// Whether the entry's data are a sparse map and pieces (GNU).
    private(set) var isSparse = false

    /// Keys that mean a name: a NUL in one would end it for some readers only.
    private static let names: Set<String> = [
        "path", "linkpath", "uname", "gname", "GNU.sparse.name", "SCHILY.path", "SCHILY.linkpath",
    ]

    /// Reads the records of one entry. `place` names the header in errors.
    init(_ bytes: [UInt8], _ place: String) throws(ArchiveReadError) {
        var seen: Set<[UInt8]> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let (key, value) = try Self.record(&rest, place)
            guard seen.insert(Array(key)).inserted || Self.isSparseMap(key) else {
                throw ArchiveReadError(.badExtension("an extended header has a key twice"), place)
            }
            try take(String(decoding: key, as: UTF8.self), value, place)
        }
    }

    /// Checks the records for all entries to come: readers differ in whether they apply them, so only a comment is
    /// allowed, which is what git writes.
    static func checkGlobal(_ bytes: [UInt8], _ place: String) throws(ArchiveReadError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard try record(&rest, place).key.elementsEqual("comment".utf8) else {
                throw ArchiveReadError(.badExtension("a global extended header is more than a comment"), place)
            }
        }
    }

    /// GNU's sparse format 0.0 repeats these two for every piece of data.
    private static func isSparseMap(_ key: ArraySlice<UInt8>) -> Bool {
        key.elementsEqual("GNU.sparse.offset".utf8) || key.elementsEqual("GNU.sparse.numbytes".utf8)
    }

    private mutating func take(_ key: String, _ value: ArraySlice<UInt8>, _ place: String) throws(ArchiveReadError) {
        if Self.names.contains(key), value.contains(0) { throw ArchiveReadError(.containsNUL, place) }
        if key.hasPrefix("GNU.sparse.") { isSparse = true }
        guard key == "size" else { return }
        guard let number = Self.decimal(value) else {
            throw ArchiveReadError(.badExtension("an extended header has a size that is no number"), place)
        }
        size = number
    }

    /// Cuts the first record off. The length counts its own digits and the newline.
    private static func record(_ rest: inout ArraySlice<UInt8>, _ place: String) throws(ArchiveReadError)
        -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)
    {
        let malformed = ArchiveReadError(.badExtension("an extended header is malformed"), place)
        let digits = rest.prefix { $0 != 0x20 }
        guard let length = decimal(digits), length <= UInt64(rest.count), Int(length) > digits.count + 3 else {
            throw malformed
        }
        let record = rest.prefix(Int(length))
        let body = record.dropFirst(digits.count + 1).dropLast()
        guard record.last == UInt8(ascii: "\n"), let equals = body.firstIndex(of: UInt8(ascii: "=")) else {
            throw malformed
        }
        let key = body[..<equals]
        guard !key.isEmpty, !key.contains(0) else { throw malformed }
        rest = rest.dropFirst(record.count)
        return (key, body[(equals + 1)...])
    }

    /// Up to 18 decimal digits and nothing else.
    private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }
}
