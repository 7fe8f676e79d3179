/// A part of the week in which an environment takes promotions: `Mon-Fri 09:00-17:00 Asia/Tokyo`.
public struct PromotionWindow: Hashable, Sendable, CustomStringConvertible {
    /// The days on which it opens: 0 is Sunday.
    public let days: Set<Int>
    /// When it opens, in minutes of the local day.
    public let opens: Int
    /// When it closes, in minutes of the local day; at or before `opens` it means the next day.
    public let closes: Int
    /// The time zone's name, as `/usr/share/zoneinfo` has it.
    public let zone: String
    /// As it was written.
    public let description: String

    /// The spelling, as shown in messages.
    public static let explanation = "as in \"Mon-Fri 09:00-17:00 Asia/Tokyo\""
    private static let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// Reads days, hours and a zone; nil for everything else, and for a window that is never open.
    public init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 3, let days = Self.days(words[0]), !days.isEmpty, Self.isZone(words[2]) else { return nil }
        let hours = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard hours.count == 2, let opens = Self.minutes(hours[0]), let closes = Self.minutes(hours[1]),
            opens != closes, opens < 1440
        else { return nil }
        self.days = days
        self.opens = opens
        self.closes = closes
        zone = String(words[2])
        description = words.joined(separator: " ")
    }

    /// Whether it is open at a moment of the local calendar.
    /// - Parameters:
    ///   - day: the day of the week, 0 for Sunday.
    ///   - minute: the minute of that day.
    public func isOpen(day: Int, minute: Int) -> Bool {
        if closes > opens { return days.contains(day) && (opens..<closes).contains(minute) }
        return days.contains(day) && minute >= opens || days.contains((day + 6) % 7) && minute < closes
    }

    /// `Mon-Fri`, `Sat,Sun`, `Fri-Mon`, `daily`.
    private static func days(_ text: Substring) -> Set<Int>? {
        if text == "daily" { return Set(0..<7) }
        var days: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { end in names.firstIndex { $0 == end } }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
            var day = first
            days.insert(day)
            while day != last {
                day = (day + 1) % 7
                days.insert(day)
            }
        }
        return days
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    /// A name that stays below the directory of zones.
    private static func isZone(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let letters: (UInt8) -> Bool = {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                || "_+-".utf8.contains($0)
        }
        return text.utf8.count <= 64 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(letters) }
    }
}
