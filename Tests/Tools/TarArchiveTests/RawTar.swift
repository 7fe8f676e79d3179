import BakeModel

/// Blocks of tar made by hand after POSIX.1-1988, for archives that no tar program would write.
enum RawTar {
    static let end = [UInt8](repeating: 0, count: 1024)

    /// A header and its data, padded.
    static func entry(
        _ name: String, type: Character = "0", data: [UInt8] = [], size: String? = nil, target: String = "",
        mode: String = "0000644", user: String = "0000000"
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at start: Int) {
            block.replaceSubrange(start..<(start + text.utf8.count), with: text.utf8)
        }
        put(name, at: 0)
        put(mode, at: 100)
        put(user, at: 108)
        put("0000000", at: 116)
        put(size ?? octal(data.count, 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        block[156] = type.asciiValue ?? 0
        put(target, at: 157)
        put("ustar\u{0}00", at: 257)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0", at: 148)
        return block + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
    }

    /// A pax header with these records.
    static func pax(_ records: (String, String)..., type: Character = "x") -> [UInt8] {
        entry("PaxHeader", type: type, data: records.flatMap { Array(record($0.0, $0.1).utf8) })
    }

    /// `LENGTH KEY=VALUE\n`, where the length counts itself.
    static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
        return "\(length)\(rest)"
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
