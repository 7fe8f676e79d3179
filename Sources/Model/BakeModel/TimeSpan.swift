/// A length of time as policies and options say it: `90m`, `2h`, `1h30m`, `7d`, `2w`, `7y`. A year has 365 days.
public struct TimeSpan: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The whole of it in seconds, more than 0.
    public let seconds: Int64

    /// The spellings, as shown in messages.
    public static let explanation = "as in 90m, 2h, 1h30m, 7d, 2w or 7y"

    private static let units: [(letter: Character, seconds: Int64)] = [
        ("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]
    private static let longest: Int64 = 1000 * 31_536_000

    /// Takes seconds; nil for none at all, and for more than a thousand years.
    public init?(seconds: Int64) {
        guard seconds > 0, seconds <= Self.longest else { return nil }
        self.seconds = seconds
    }

    /// Reads numbers with units, the larger unit first; nil for everything else.
    public init?(_ text: some StringProtocol) {
        var total: Int64 = 0
        var units = Self.units[...]
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                guard digits.utf8.count <= 9 else { return nil }
                continue
            }
            guard let number = Int64(digits), let place = units.firstIndex(where: { $0.letter == character }) else {
                return nil
            }
            total += number * units[place].seconds
            guard total <= Self.longest else { return nil }
            units = units[(place + 1)...]
            digits = ""
        }
        guard digits.isEmpty else { return nil }
        self.init(seconds: total)
    }

    /// The same in milliseconds.
    public var milliseconds: Int64 { seconds * 1000 }

    /// The largest units that give it: `1h30m`.
    public var description: String {
        var rest = seconds
        var text = ""
        for (letter, length) in Self.units where rest >= length && (letter != "y" || rest % length == 0) {
            text += "\(rest / length)\(letter)"
            rest %= length
        }
        return text
    }

    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.seconds < right.seconds }
}
