import BakeModel
import Glibc
import LinuxSystem

/// The bytes of an index in the order in which they change: what stays, what moves, the end.
struct IndexText {
    /// The document up to the names that move.
    var lasting: [UInt8]
    /// Those names.
    let moving: [UInt8]
    /// The rest of the document.
    let end: [UInt8]

    /// The text of an index with other names of bake's.
    init(_ index: ImageIndex, lasting: [IndexEntry], moving: [IndexEntry]) {
        let members = (index.json.members ?? [:]).filter { $0.key != "manifests" }
        let comesBefore = { (key: String) in key.utf16.lexicographicallyPrecedes("manifests".utf16) }
        let before = JSON.object(members.filter { comesBefore($0.key) }).canonicalBytes.dropLast()
        let after = JSON.object(members.filter { !comesBefore($0.key) }).canonicalBytes.dropFirst()
        self.lasting = before + (before.count > 1 ? [UInt8(ascii: ",")] : []) + Array("\"manifests\":[".utf8)
        let stay = index.rawManifests + lasting.map(\.json)
        self.lasting += Self.joined(stay)
        self.moving = Self.following(stay.isEmpty, moving)
        end = [UInt8(ascii: "]")] + (after.count > 1 ? [UInt8(ascii: ",")] : []) + after
    }

    /// Entries as the items of a list: behind others with a comma before them.
    static func following(_ isFirst: Bool, _ entries: [IndexEntry]) -> [UInt8] {
        entries.isEmpty ? [] : (isFirst ? [] : [UInt8(ascii: ",")]) + joined(entries.map(\.json))
    }

    private static func joined(_ items: [JSON]) -> [UInt8] {
        Array(items.map(\.canonicalBytes).joined(separator: [UInt8(ascii: ",")]))
    }
}

/// An index on the disk whose parts are known.
struct MarkedIndex {
    let file: Descriptor
    let mark: IndexMark

    /// The bytes of a part.
    func bytes(_ range: Range<Int64>) throws(SystemError) -> [UInt8] {
        try file.bytes(from: Int(range.lowerBound), count: range.count)
    }

    /// Whether nothing stands in the list before its end.
    var isListEmpty: Bool {
        get throws(SystemError) { try bytes(mark.lastingEnd - 1..<mark.lastingEnd) == [UInt8(ascii: "[")] }
    }
}
