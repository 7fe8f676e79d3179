/// Sizes and lengths of time as people write them: a whole number and a unit.
public enum Quantity {
    private static let sizes: [(name: String, size: UInt64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("T", 1 << 40), ("G", 1 << 30),
        ("M", 1 << 20), ("K", 1 << 10), ("", 1),
    ]
    private static let times: [(name: String, size: UInt64)] = [
        ("y", 365 * 86_400), ("w", 7 * 86_400), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]

    /// Bytes: `512M`, `2GiB`, `4096`; powers of 1024. Nil for everything else.
    public static func bytes(_ text: String) -> UInt64? { number(text, sizes) }

    /// Seconds: `90s`, `30m`, `2h`, `7d`, `2w`, `1y` (365 days). Nil for everything else.
    public static func seconds(_ text: String) -> UInt64? { number(text, times) }

    private static func number(_ text: String, _ units: [(name: String, size: UInt64)]) -> UInt64? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = text.dropLast(unit.name.count)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(digits) else { return nil }
        let (size, isTooLarge) = number.multipliedReportingOverflow(by: unit.size)
        return isTooLarge || size > UInt64(Int64.max) ? nil : size
    }
}
