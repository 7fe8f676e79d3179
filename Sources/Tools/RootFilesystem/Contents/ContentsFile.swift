import BakeModel
import TarArchive

/// A layer's contents as kept in the cache: a line of text, the layer, the members, the order, the records, and the digest
/// of all that. Who reads it believes nothing whose digest is wrong; the members are proved again when they are read.
enum ContentsFile {
    private static let head = Array("bake contents 1\n".utf8)
    private static let digestSize = 32
    private static let (plainFlag, hashedFlag): (UInt8, UInt8) = (1, 2)
    /// No member of bake's is larger, plain or stored.
    private static let longestMember = 4 << 20

    /// The file's bytes.
    static func bytes(of contents: LayerContents) -> [UInt8] {
        var bytes = head
        bytes.reserveCapacity(contents.records.count + 4 * contents.count + 40 * contents.members.count + 200)
        bytes += contents.layer.blob.bytes + contents.layer.diffID.digest.bytes
        bytes.append(number: contents.layer.size)
        bytes.append(number: contents.layer.tarSize)
        bytes.append((contents.isPlain ? plainFlag : 0) | (contents.isHashed ? hashedFlag : 0))
        bytes.append(number: UInt32(contents.members.count))
        for member in contents.members {
            bytes += member.digest.bytes
            bytes.append(number: UInt32(member.size))
            bytes.append(number: UInt32(member.plainSize))
        }
        bytes.append(number: UInt32(contents.order.count))
        for place in contents.order { bytes.append(number: place) }
        bytes += contents.records
        return bytes + Digest.of(bytes).bytes
    }

    /// Reads what `bytes` wrote of this layer; nil for everything else.
    static func read(_ bytes: [UInt8], of layer: Layer) -> LayerContents? {
        guard bytes.starts(with: head), bytes.count >= digestSize else { return nil }
        let body = bytes.dropLast(digestSize)
        guard Digest.of(body).bytes.elementsEqual(bytes.suffix(digestSize)) else { return nil }
        return try? parse(RecordBytes(Array(body), from: head.count), of: layer)
    }

    private static func parse(_ bytes: RecordBytes, of layer: Layer) throws(RecordBytes.Damage) -> LayerContents {
        var bytes = bytes
        let (blob, diffID) = (try bytes.digest(), try bytes.digest())
        let found = Layer(
            blob: blob, size: try bytes.size(), diffID: DiffID(diffID), tarSize: try bytes.size())
        guard (found.blob, found.size, found.diffID) == (layer.blob, layer.size, layer.diffID) else {
            throw RecordBytes.Damage()
        }
        let flags = try bytes.byte()
        let members = try members(&bytes)
        // Something must prove the bytes: the files' digests, or the members'.
        guard members.isEmpty ? flags & hashedFlag != 0 : fit(members, found) else { throw RecordBytes.Damage() }
        let count: UInt32 = try bytes.number()
        let order = try self.order(bytes.bytes(Int(count) * 4))
        let records = Array(try bytes.rest())
        guard order.allSatisfy({ Int($0) < records.count }) else { throw RecordBytes.Damage() }
        return LayerContents(
            layer: found, members: members, isPlain: flags & plainFlag != 0, isHashed: flags & hashedFlag != 0,
            records: records, order: order)
    }

    private static func members(_ bytes: inout RecordBytes) throws(RecordBytes.Damage) -> [StoredMember] {
        let count: UInt32 = try bytes.number()
        var members: [StoredMember] = []
        for _ in 0..<count {
            let digest = try bytes.digest()
            let size: UInt32 = try bytes.number()
            let plainSize: UInt32 = try bytes.number()
            guard size <= longestMember, plainSize <= longestMember else { throw RecordBytes.Damage() }
            members.append(StoredMember(digest: digest, size: Int(size), plainSize: Int(plainSize)))
        }
        return members
    }

    /// Whether members have as many bytes as the layer, stored and plain.
    private static func fit(_ members: [StoredMember], _ layer: Layer) -> Bool {
        let sizes = members.reduce((stored: UInt64(0), plain: UInt64(0))) {
            ($0.stored + UInt64($1.size), $0.plain + UInt64($1.plainSize))
        }
        return sizes == (layer.size, layer.tarSize)
    }

    private static func order(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { number in
                UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * number, as: UInt32.self))
            }
        }
    }
}
