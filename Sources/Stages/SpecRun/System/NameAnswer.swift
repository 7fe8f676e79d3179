import Glibc

/// What a name server answered. RFC 1035, 4.1; nothing in it is trusted.
struct NameAnswer {
    private let bytes: [UInt8]
    private var answers: [(type: UInt16, start: Int, length: Int)] = []

    /// Reads the answer to the question of that number; nil for anything else.
    init?(_ bytes: [UInt8], to number: UInt16) {
        self.bytes = bytes
        guard word(0) == number, let flags = word(2), flags & 0x8000 != 0, let questions = word(4), let count = word(6)
        else { return nil }
        var place = 12
        for _ in 0..<questions {
            guard let end = name(at: place)?.end else { return nil }
            place = end + 4
        }
        for _ in 0..<count {
            guard let end = name(at: place)?.end, let type = word(end), let length = word(end + 8) else { return nil }
            place = end + 10 + Int(length)
            guard place <= bytes.count else { return nil }
            answers.append((type, end + 10, Int(length)))
        }
    }

    /// The records of a type, as goss writes them.
    func records(of type: NameRequest.RecordType) -> [String] {
        answers.filter { $0.type == type.number }.flatMap { texts(type, $0.start, $0.length) }
    }

    private func texts(_ type: NameRequest.RecordType, _ start: Int, _ length: Int) -> [String] {
        switch type {
        case .a: [number(start, length, 4, AF_INET)].compactMap { $0 }
        case .aaaa: [number(start, length, 16, AF_INET6)].compactMap { $0 }
        case .ns, .cname, .ptr: [name(at: start)?.text].compactMap { $0 }
        case .mx: [numbered(start, words: 1)].compactMap { $0 }
        case .srv: [numbered(start, words: 3)].compactMap { $0 }
        case .txt: strings(start, length)
        case .sshfp: [hostKey(start, length)].compactMap { $0 }
        case .caa: [authority(start, length)].compactMap { $0 }
        }
    }

    private func number(_ start: Int, _ length: Int, _ wanted: Int, _ family: Int32) -> String? {
        guard length == wanted else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let part = Array(bytes[start..<(start + length)])
        guard inet_ntop(family, part, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Numbers, then a name: `10 mail.example.org.`
    private func numbered(_ start: Int, words: Int) -> String? {
        let numbers = (0..<words).compactMap { word(start + 2 * $0).map { String($0) } }
        guard numbers.count == words, let name = name(at: start + 2 * words)?.text else { return nil }
        return (numbers + [name]).joined(separator: " ")
    }

    private func strings(_ start: Int, _ length: Int) -> [String] {
        var texts: [String] = []
        var place = start
        while place < start + length {
            let end = place + 1 + Int(bytes[place])
            guard end <= start + length else { break }
            texts.append(String(decoding: bytes[(place + 1)..<end], as: UTF8.self))
            place = end
        }
        return texts
    }

    /// `4 2 99DB…`: algorithm, type, fingerprint. RFC 4255, 3.1.
    private func hostKey(_ start: Int, _ length: Int) -> String? {
        guard length > 2 else { return nil }
        let digits = bytes[(start + 2)..<(start + length)].map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.count == 1 ? "0\(text)" : text
        }
        return "\(bytes[start]) \(bytes[start + 1]) \(digits.joined())"
    }

    /// `0 issue ca.example.org`. RFC 8659, 4.1.
    private func authority(_ start: Int, _ length: Int) -> String? {
        guard length >= 2, start + 2 + Int(bytes[start + 1]) <= start + length else { return nil }
        let tag = bytes[(start + 2)..<(start + 2 + Int(bytes[start + 1]))]
        let value = bytes[tag.endIndex..<(start + length)]
        return "\(bytes[start]) \(String(decoding: tag, as: UTF8.self)) \(String(decoding: value, as: UTF8.self))"
    }

    private func word(_ place: Int) -> UInt16? {
        guard place >= 0, place + 1 < bytes.count else { return nil }
        return UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }

    /// A name with a dot at its end, and where it ends; a pointer leads back, at most 20 times.
    private func name(at start: Int) -> (text: String, end: Int)? {
        var (text, place, jumps) = ("", start, 0)
        var end: Int?
        while place < bytes.count {
            let length = Int(bytes[place])
            if length == 0 { return (text.isEmpty ? "." : text, end ?? place + 1) }
            if length >= 0xc0 {
                guard let pointer = word(place), jumps < 20 else { return nil }
                end = end ?? place + 2
                place = Int(pointer & 0x3fff)
                jumps += 1
                continue
            }
            guard length < 64, place + 1 + length <= bytes.count, text.utf8.count < 255 else { return nil }
            text += String(decoding: bytes[(place + 1)..<(place + 1 + length)], as: UTF8.self) + "."
            place += 1 + length
        }
        return nil
    }
}
