/// An instant in UTC, to the millisecond.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// The time that every file in an image has: 2020-01-01T00:00:00Z, in seconds. One constant, so that the same
    /// inputs give the same bytes on every day; not zero, because some programs take zero for "no time".
    public static let insideImages: Int64 = 1_577_836_800

    /// Takes milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Takes seconds since 1970.
    public init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// Reads `2026-11-20T03:00:00.000Z`, the one spelling that `description` writes.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[23] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].allSatisfy { (0x30...0x39).contains($0) }
                ? bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) } : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let fraction = number(20..<23)
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        milliseconds = (days * 86_400 + hour * 3600 + minute * 60 + second) * 1000 + fraction
        guard description == text else { return nil }
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { milliseconds.floorDivided(by: 1000) }

    /// RFC 3339 in UTC with milliseconds: `2026-11-20T03:00:00.000Z`.
    public var description: String { text(offsetMinutes: 0, milliseconds: true, suffix: "Z") }

    /// RFC 3339 at an offset, to the second: `2026-11-20T12:00:00+09:00`.
    public func text(offsetMinutes: Int) -> String {
        let sign = offsetMinutes < 0 ? "-" : "+"
        let hours = Self.padded(Int64(abs(offsetMinutes) / 60), 2)
        let minutes = Self.padded(Int64(abs(offsetMinutes) % 60), 2)
        return text(offsetMinutes: offsetMinutes, milliseconds: false, suffix: "\(sign)\(hours):\(minutes)")
    }

    private func text(offsetMinutes: Int, milliseconds withFraction: Bool, suffix: String) -> String {
        let local = milliseconds + Int64(offsetMinutes) * 60_000
        let second = local.floorDivided(by: 1000)
        let day = second.floorDivided(by: 86_400)
        let date = CivilDate(daysSince1970: day)
        let clock = second - day * 86_400
        let fraction = withFraction ? ".\(Self.padded(local - second * 1000, 3))" : ""
        return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))T"
            + "\(Self.padded(clock / 3600, 2)):\(Self.padded(clock / 60 % 60, 2)):\(Self.padded(clock % 60, 2))"
            + fraction + suffix
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

/// A day of the Gregorian calendar. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
public struct CivilDate: Hashable, Sendable {
    /// The year.
    public let year: Int64
    /// The month, from 1.
    public let month: Int64
    /// The day of the month, from 1.
    public let day: Int64

    /// Names a day.
    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Finds the day from the number of days since 1970-01-01.
    public init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The number of days since 1970-01-01.
    public var daysSince1970: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.floorDivided(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, as calendars need before 1970.
    func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
