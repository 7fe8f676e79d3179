/// The extension headers that wait for their entry.
struct PendingExtensions {
    private var pax: PaxRecords?
    private var longName = false
    private var longLink = false

    /// Takes a pax (`x`, `g`) or GNU (`L`, `K`) extension header.
    mutating func add(_ type: UInt8, _ bytes: [UInt8], _ place: String) throws(ArchiveReadError) {
        switch type {
        case UInt8(ascii: "g"):
            try checkNonePending(place)
            try PaxRecords.checkGlobal(bytes, place)
        case UInt8(ascii: "x"):
            try checkNonePending(place)
            pax = try PaxRecords(bytes, place)
        default:
            try addLongName(isLink: type == UInt8(ascii: "K"), bytes, place)
        }
    }

    private mutating func addLongName(isLink: Bool, _ bytes: [UInt8], _ place: String) throws(ArchiveReadError) {
        guard pax == nil, !(isLink ? longLink : longName) else {
            throw ArchiveReadError(.badExtension("an entry has more than one name"), place)
        }
        // GNU tar ends the name with a NUL; anything behind it would be a name that some readers do not see.
        guard bytes.drop(while: { $0 != 0 }).allSatisfy({ $0 == 0 }) else {
            throw ArchiveReadError(.containsNUL, place)
        }
        if isLink { longLink = true } else { longName = true }
    }

    /// Throws where an extension has no entry.
    func checkNonePending(_ place: String) throws(ArchiveReadError) {
        guard pax == nil, !longName, !longLink else {
            throw ArchiveReadError(.badExtension("an extension header belongs to no entry"), place)
        }
    }

    /// The entry is here: gives what belongs to it, and forgets all.
    mutating func take() -> PaxRecords? {
        defer { self = PendingExtensions() }
        return pax
    }
}
