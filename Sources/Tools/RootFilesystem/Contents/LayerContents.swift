import BakeModel
import Glibc
import TarArchive

/// What a layer holds, and where: each entry with the digest and the place of its bytes in the tar, and the members in
/// which the tar is stored. Made by the layer's writer, or in one pass that verified the whole layer; then any entry is found in the time of a
/// binary search, and any file is read without the rest.
public struct LayerContents: Sendable {
    /// The layer.
    public let layer: Layer
    /// The members in which the tar is stored; none where they do not say how long they are, as in other tools' layers.
    public let members: [StoredMember]
    /// Whether every path means what it says: nothing lies below a link or a file, nothing has one path twice, but for
    /// directories. Of other archives only unpacking tells what stands where.
    public let isPlain: Bool
    /// Whether each file's digest is known: not where the layer's writer left the index, who has the members proved.
    public let isHashed: Bool
    /// The records in the archive's order, as `ContentsRecord` writes them.
    let records: [UInt8]
    /// Where the records begin, in the order of their paths; of one path the last of the archive is the last.
    let order: [UInt32]

    /// How many entries there are.
    public var count: Int { order.count }

    /// Every entry in the archive's order.
    public func forEach(_ body: (ContentsEntry) throws -> Void) throws {
        var rest = RecordBytes(records)
        while !rest.isAtEnd { try body(try ContentsEntry(reading: &rest)) }
    }

    /// What stands at a path; nil where the layer says nothing of it.
    public func entry(at path: TreePath) throws -> ContentsEntry? {
        let place = firstPlace(notBefore: path)
        guard place < order.count, isPath(path, at: place) else { return nil }
        var last = place
        while last + 1 < order.count, isPath(path, at: last + 1) { last += 1 }
        var record = RecordBytes(records, from: Int(order[last]))
        return try ContentsEntry(reading: &record, knownAs: path)
    }

    /// The names of what the layer has in a directory, whiteouts among them, in their order.
    func names(in directory: TreePath) -> [[UInt8]] {
        let front = directory.isRoot ? [] : directory.bytes + [UInt8(ascii: "/")]
        var names: [[UInt8]] = []
        for place in firstPlace(notBefore: directory)..<order.count {
            let isBelow = withPath(at: place) { path in
                guard path.count > front.count else { return path.elementsEqual(directory.bytes) }
                guard path.begins(with: front) else { return false }
                let name = path[front.count...].prefix { $0 != UInt8(ascii: "/") }
                if names.last?.elementsEqual(name) != true { names.append(Array(name)) }
                return true
            }
            guard isBelow else { break }
        }
        return names
    }

    /// Whether the layer has anything below a path, be it a whiteout.
    func hasEntries(below path: TreePath) -> Bool {
        guard !path.isRoot else { return count > 0 }
        var place = firstPlace(notBefore: path)
        while place < order.count, isPath(path, at: place) { place += 1 }
        let front = path.bytes + [UInt8(ascii: "/")]
        return place < order.count && withPath(at: place) { $0.begins(with: front) }
    }

    /// Whether the layer takes away what the layers below it have at a path.
    func hides(_ path: TreePath) throws -> Bool {
        var part = path
        while !part.isRoot {
            let parent = part.parent
            if try has(Whiteout.prefix + part.name, in: parent) || has(Whiteout.opaqueName, in: parent) { return true }
            if !parent.isRoot, let entry = try entry(at: parent), entry.entry.kind != .directory { return true }
            part = parent
        }
        return false
    }

    private func has(_ name: [UInt8], in parent: TreePath) throws -> Bool {
        // A name that is too long for a whiteout has none.
        guard let path = try? parent.appending(part: name) else { return false }
        return try entry(at: path) != nil
    }

    private func firstPlace(notBefore path: TreePath) -> Int {
        var (first, end) = (0, order.count)
        path.bytes.withUnsafeBytes { path in
            records.withUnsafeBytes { records in
                while first < end {
                    let middle = first + (end - first) / 2
                    let isBefore = TreePath.precedes(ContentsEntry.path(at: Int(order[middle]), in: records), path)
                    if isBefore { first = middle + 1 } else { end = middle }
                }
            }
        }
        return first
    }

    private func isPath(_ path: TreePath, at place: Int) -> Bool {
        withPath(at: place) { $0.count == path.bytes.count && $0.begins(with: path.bytes) }
    }

    private func withPath<Result>(at place: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        records.withUnsafeBytes { body(ContentsEntry.path(at: Int(order[place]), in: $0)) }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes come first. In one comparison: a lookup makes several.
    fileprivate func begins(with front: [UInt8]) -> Bool {
        guard front.count <= count, let baseAddress else { return front.isEmpty }
        return memcmp(baseAddress, front, front.count) == 0
    }
}
