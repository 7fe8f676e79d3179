import BakeModel
import Clibdeflate
import Glibc
import LinuxSystem

/// A pack in the making, and its index of version 2: without a name until both are on the disk. Source: gitformat-pack(5).
final class PackWriter {
    private let directory: String
    private let unfinished: String
    private let file: Descriptor
    private let count: Int
    private var hash: SHA1? = SHA1()
    private var size: UInt64 = 0
    private var entries: [Entry] = []

    private struct Entry {
        let name: [UInt8]
        let checksum: UInt32
        let offset: UInt64
    }

    /// Begins a pack of so many objects in a repository's `objects/pack`.
    init(in directory: String, count: Int) throws {
        self.directory = directory
        self.count = count
        unfinished = "\(directory)/pack_\(String(UInt64.random(in: .min ... .max), radix: 36))"
        file = try Descriptor.open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o444)
        entries.reserveCapacity(count)
        try write(Array("PACK".utf8) + Self.bytes(2) + Self.bytes(UInt32(count)))
    }

    deinit { unlink(unfinished) }

    /// Appends an object.
    func add(_ object: PackedObject) throws {
        let header = object.header
        let checksum = object.deflated.withUnsafeBytes { stream in
            libdeflate_crc32(libdeflate_crc32(0, header, header.count), stream.baseAddress, stream.count)
        }
        entries.append(Entry(name: object.id.raw, checksum: checksum, offset: size))
        try write(header)
        try write(object.deflated)
    }

    /// Gives the pack its name, when all of it is on the disk.
    func finish() throws {
        guard entries.count == count, let checksum = hash.take()?.finish(), let id = ObjectID(raw: checksum) else {
            throw GitProtocolError(subject: "the pack")
        }
        try file.write(checksum)
        try file.synchronize()
        let name = "\(directory)/pack-\(id.hex)"
        try SystemError.check("rename", unfinished) { rename(unfinished, "\(name).pack") }
        // The index makes the pack visible, and so comes last.
        try DurableFile.replace("\(name).idx", with: index(of: checksum), mode: 0o444)
    }

    private func write(_ bytes: some Collection<UInt8>) throws {
        try file.write(bytes)
        bytes.withContiguousStorageIfAvailable { hash?.update(UnsafeRawBufferPointer($0)) }
        size += UInt64(bytes.count)
    }

    private func index(of checksum: [UInt8]) -> [UInt8] {
        let sorted = entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
        var bytes = PackIndex.magic
        var below = 0
        for byte in 0..<256 {
            while below < sorted.count, Int(sorted[below].name[0]) <= byte { below += 1 }
            bytes += Self.bytes(UInt32(below))
        }
        sorted.forEach { bytes += $0.name }
        sorted.forEach { bytes += Self.bytes($0.checksum) }
        var long: [UInt64] = []
        for entry in sorted {
            guard entry.offset >= 1 << 31 else {
                bytes += Self.bytes(UInt32(entry.offset))
                continue
            }
            bytes += Self.bytes(1 << 31 | UInt32(long.count))
            long.append(entry.offset)
        }
        long.forEach { bytes += Self.bytes(UInt32($0 >> 32)) + Self.bytes(UInt32(truncatingIfNeeded: $0)) }
        bytes += checksum
        var hash = SHA1()
        bytes.withUnsafeBytes { hash.update($0) }
        return bytes + hash.finish()
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
    }
}
