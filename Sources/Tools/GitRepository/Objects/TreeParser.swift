import BakeModel

/// Reads the bytes of a tree object: `MODE NAME`, a NUL, 20 bytes of object name, again and again, sorted.
struct TreeParser {
    private let id: ObjectID
    private var rest: ArraySlice<UInt8>

    static func parse(_ id: ObjectID, _ bytes: [UInt8]) throws(ObjectError) -> [TreeItem] {
        var parser = TreeParser(id: id, rest: bytes[...])
        var items: [TreeItem] = []
        var names: Set<[UInt8]> = []
        while !parser.rest.isEmpty {
            let item = try parser.item()
            guard names.insert(item.name).inserted else { throw parser.fault("it has '\(shown(item.name))' twice") }
            if let last = items.last, !isOrdered(last, item) { throw parser.fault("its names are not sorted") }
            items.append(item)
        }
        return items
    }

    private mutating func item() throws(ObjectError) -> TreeItem {
        guard let space = rest.prefix(8).firstIndex(of: UInt8(ascii: " ")),
            let mode = UInt32(String(decoding: rest[..<space], as: UTF8.self), radix: 8).flatMap(TreeItem.Mode.init)
        else { throw fault("an entry has no known mode") }
        guard let end = rest[space...].firstIndex(of: 0), rest.endIndex - end > 20,
            let object = ObjectID(raw: rest[(end + 1)...(end + 20)])
        else { throw fault("an entry is cut off") }
        let name = Array(rest[(space + 1)..<end])
        if let reason = TreeNameRule.refusal(of: name) { throw fault("the name '\(Self.shown(name))' \(reason)") }
        rest = rest[(end + 21)...]
        return TreeItem(mode: mode, name: name, object: object)
    }

    private func fault(_ text: String) -> ObjectError { .malformed(id, .tree, text) }

    private static func shown(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self) }

    /// git's base_name_compare: a directory sorts as if its name ended with a slash.
    private static func isOrdered(_ left: TreeItem, _ right: TreeItem) -> Bool {
        sortKey(left).lexicographicallyPrecedes(sortKey(right))
    }

    private static func sortKey(_ item: TreeItem) -> [UInt8] {
        item.mode == .directory ? item.name + [UInt8(ascii: "/")] : item.name
    }
}
