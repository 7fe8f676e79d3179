/// The name of a unit of systemd. systemd.unit(5).
struct UnitName: Hashable {
    /// The whole name, with its type.
    let text: String

    private static let types: Set<String> = [
        "service", "socket", "target", "device", "mount", "automount", "swap", "timer", "path", "slice", "scope",
    ]

    /// Takes a name as systemctl(1) does: one without a unit's type is a service's.
    init(_ text: String) {
        let isWhole = Self.parts(text).map { Self.types.contains($0.type) } ?? false
        self.text = isWhole ? text : "\(text).service"
    }

    /// The name without its type.
    var stem: String { Self.parts(text)?.stem ?? text }
    /// What kind of unit it is.
    var type: String { Self.parts(text)?.type ?? "" }

    /// The template of an instance, `getty@.service` of `getty@tty1.service`; nil for any other name.
    var template: UnitName? {
        guard let sign = stem.firstIndex(of: "@"), stem.index(after: sign) != stem.endIndex else { return nil }
        return UnitName("\(stem[...sign]).\(type)")
    }

    /// Whether it is a template itself.
    var isTemplate: Bool { stem.last == "@" && stem.firstIndex(of: "@") == stem.index(before: stem.endIndex) }

    /// The instance of a template that another unit is an instance of, or that has this name.
    func instance(_ name: String) -> UnitName? { isTemplate ? UnitName("\(stem)\(name).\(type)") : nil }

    /// What stands behind the sign of an instance.
    var instanceName: String? {
        template == nil ? nil : stem.firstIndex(of: "@").map { String(stem[stem.index(after: $0)...]) }
    }

    private static func parts(_ text: String) -> (stem: String, type: String)? {
        guard let point = text.lastIndex(of: "."), point != text.startIndex else { return nil }
        return (String(text[..<point]), String(text[text.index(after: point)...]))
    }
}
