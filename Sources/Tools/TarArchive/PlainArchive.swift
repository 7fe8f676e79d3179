import BakeModel

/// A few small files as an archive that every tar reads, without compression: POSIX.1-1988 ustar.
public enum PlainArchive {
    /// A file.
    public struct File: Hashable, Sendable {
        /// Its name, at most 100 bytes.
        public let name: String
        /// Its bytes.
        public let bytes: [UInt8]
        /// Whether it is a program.
        public let isProgram: Bool

        /// Describes a file.
        public init(_ name: String, _ bytes: [UInt8], isProgram: Bool = false) {
            self.name = name
            self.bytes = bytes
            self.isProgram = isProgram
        }
    }

    /// The longest name that a header holds.
    public static let longestName = 100

    /// The archive: the files in their order, each with the time that every file of bake's has.
    public static func bytes(of files: [File]) -> [UInt8] {
        let blocks = files.map { file in
            let padding = (TarHeader.blockSize - file.bytes.count % TarHeader.blockSize) % TarHeader.blockSize
            return header(of: file) + file.bytes + [UInt8](repeating: 0, count: padding)
        }
        return Array(blocks.joined()) + [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
    }

    private static func header(of file: File) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarHeader.blockSize)
        let write = { (text: String, place: Int) in
            for (index, byte) in text.utf8.enumerated() { block[place + index] = byte }
        }
        write(String(file.name.prefix(longestName)), 0)
        write(file.isProgram ? "0000755" : "0000644", 100)
        write("0000000", 108)
        write("0000000", 116)
        write(octal(UInt64(file.bytes.count), 11), 124)
        write(octal(UInt64(Timestamp.insideImages), 11), 136)
        write("        0", 148)
        write("ustar", 257)
        write("00", 263)
        write("root", 265)
        write("root", 297)
        write("\(octal(block.reduce(UInt64(0)) { $0 + UInt64($1) }, 6))\0 ", 148)
        return block
    }

    private static func octal(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
