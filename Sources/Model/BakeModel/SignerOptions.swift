/// What a line of `allowed_signers` says of a key besides whose it is (ssh-keygen(1), ALLOWED SIGNERS): for what it signs, from
/// when, until when.
public struct SignerOptions: Hashable, Sendable {
    /// The first moment at which the key counts; nil where it always did.
    public private(set) var validAfter: Timestamp?
    /// The first moment at which it counts no more; nil where it always will.
    public private(set) var validBefore: Timestamp?

    /// Reads them.
    /// - Parameter text: `namespaces="approve.bake",valid-before="20270101"`; empty where there are none.
    /// - Throws: `SignerOptionFault`: ssh-keygen would refuse every signature of a key whose options it cannot read.
    public init(_ text: String) throws(SignerOptionFault) {
        for option in Self.split(text) where !text.isEmpty {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased()
            guard ["namespaces", "valid-after", "valid-before"].contains(name) else {
                throw .unknown(String(parts[0]))
            }
            guard parts.count == 2, parts[1].count > 2, parts[1].hasPrefix("\""), parts[1].hasSuffix("\"") else {
                throw .unquoted(name)
            }
            let value = String(parts[1].dropFirst().dropLast())
            if name == "namespaces" { continue }
            guard let time = Self.time(value) else { throw .noTime(name, value) }
            if name == "valid-after" { validAfter = time } else { validBefore = time }
        }
        if let validAfter, let validBefore, validAfter >= validBefore { throw .neverValid }
    }

    /// Whether the key surely counts for nothing at a time. Times without a Z are of the machine's own zone, so that a day
    /// around them is left open.
    public func isSurelyOver(at time: Timestamp) -> Bool {
        validBefore.map { $0.milliseconds + Self.day < time.milliseconds } ?? false
    }

    private static let day: Int64 = 86_400_000

    /// The options between commas that stand in no quotes.
    private static func split(_ text: String) -> [String] {
        var options = [""]
        var isQuoted = false
        for letter in text {
            if letter == "\"" { isQuoted.toggle() }
            if letter == ",", !isQuoted { options.append("") } else { options[options.count - 1].append(letter) }
        }
        return options
    }

    /// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with or without a Z.
    private static func time(_ text: String) -> Timestamp? {
        let digits = Array(text.hasSuffix("Z") || text.hasSuffix("z") ? text.dropLast() : text[...])
        guard [8, 12, 14].contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        let all = digits + Array(repeating: "0", count: 14 - digits.count)
        let part = { (range: Range<Int>) in String(all[range]) }
        return Timestamp(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14)).000Z")
    }
}

/// What is wrong with the options of a key.
public enum SignerOptionFault: Error, Hashable {
    /// ssh-keygen knows no such option of a signer's key.
    case unknown(String)
    /// Its value does not stand in quotes.
    case unquoted(String)
    /// Its value is no time.
    case noTime(String, String)
    /// It begins after its end.
    case neverValid

    /// As a clause without a full stop.
    public var message: String {
        switch self {
        case .unknown(let name): "\"\(name)\" is no option of a key: namespaces, valid-after and valid-before are"
        case .unquoted(let name): "the value of \(name) stands in quotes: \(name)=\"…\""
        case .noTime(let name, let value):
            "\(name): \"\(value)\" is no time as ssh-keygen reads it: 20270101, 202701011200 or 20270101120000Z"
        case .neverValid: "valid-after is not before valid-before, so that the key never counts"
        }
    }
}
