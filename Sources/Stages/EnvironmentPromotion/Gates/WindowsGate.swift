import BakeModel

/// `windows: "Mon-Fri 09:00-17:00 Asia/Tokyo"`: promotions are taken now.
enum WindowsGate {
    private static let minute: Int64 = 60_000
    /// A window is open once a week at least, but for the hours that summer time leaves out.
    private static let search: Int64 = 15 * 1440

    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        let windows = situation.rules.windows
        guard !windows.isEmpty else { return nil }
        let text = windows.map(\.description).joined(separator: ", ")
        var zones: [String: ZoneRules] = [:]
        for window in windows { zones[window.zone] = ZoneFiles.rules(window.zone) }
        let unknown = windows.map(\.zone).filter { zones[$0] == nil }
        guard unknown.isEmpty else {
            return SlotMove.Gate(
                name: "window", isMet: false,
                explanation: "this machine has no time zone \(unknown.joined(separator: ", ")): package tzdata")
        }
        if isOpen(situation.now, windows, zones) {
            return SlotMove.Gate(name: "window", isMet: true, explanation: text)
        }
        let first = situation.now.milliseconds / minute + 1
        let opening = (first..<(first + search)).lazy.map { Timestamp(milliseconds: $0 * minute) }
            .first { isOpen($0, windows, zones) }
        return SlotMove.Gate(name: "window", isMet: false, explanation: "closed: \(text)", opens: opening)
    }

    private static func isOpen(_ time: Timestamp, _ windows: [PromotionWindow], _ zones: [String: ZoneRules]) -> Bool {
        windows.contains { window in
            guard let zone = zones[window.zone] else { return false }
            let local = time.seconds + zone.offset(at: time)
            let (days, seconds) = local.quotientAndRemainder(dividingBy: 86_400)
            // 1970 began on a Thursday.
            return window.isOpen(day: Int((days + 4) % 7), minute: Int(seconds / 60))
        }
    }
}
