@testable import TarArchive

/// The lengths of a layer's gzip members, as Python's zlib finds them and as the members' own headers claim.
struct MemberSizes {
    private(set) var plain: [Int] = []
    private(set) var stored: [Int] = []
    private(set) var claimed: [Int] = []

    init(of name: String, in scratch: Scratch) throws {
        let lines = try scratch.shell(
            """
            python3 - <<'E'
            import struct, zlib
            b = open('\(name)', 'rb').read()
            while b:
                d = zlib.decompressobj(31); n = len(d.decompress(b))
                print(n, len(b) - len(d.unused_data), struct.unpack('<I', b[16:20])[0]); b = d.unused_data
            E
            """)
        for line in lines.split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            plain.append(numbers[0])
            stored.append(numbers[1])
            claimed.append(numbers[2])
        }
    }
}
