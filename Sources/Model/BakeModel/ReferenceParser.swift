extension Reference {
    /// Reads a reference. `clock` gives relative times their meaning.
    public init(_ text: String, clock: LocalClock) throws(ReferenceFault) {
        do throws(ReferenceFault.Cause) {
            self = try ReferenceParser(clock: clock).reference(text)
        } catch {
            throw ReferenceFault(text: text, cause: error)
        }
    }
}

extension ReferenceFault.Cause: Error {}

/// The grammar:
///
///     REF  = BASE [":" PATH]
///     BASE = "sha256:" HEX | NUMBER | NAME | PIPE "@" ["draft-"] NUMBER | PIPE "@git-" HEX | [PIPE ":"] ENV MOMENT
///     MOMENT = "" | "~" N | "@{" N "}" | "@{" TIME "}"
private struct ReferenceParser {
    typealias Cause = ReferenceFault.Cause
    let clock: LocalClock

    func reference(_ text: String) throws(Cause) -> Reference {
        // No base contains ":/": names and times have no slash.
        guard let colon = text.firstRange(of: ":/") else { return Reference(base: try base(text[...])) }
        let written = String(text[text.index(after: colon.lowerBound)...])
        let base = try base(text[..<colon.lowerBound])
        do throws(TreePath.Fault) {
            return Reference(base: base, path: try TreePath(cleaning: written))
        } catch {
            throw .path(error)
        }
    }

    private func base(_ text: Substring) throws(Cause) -> Reference.Base {
        guard !text.isEmpty else { throw .empty }
        if text.hasPrefix("sha256:") {
            if let digest = Digest(text) { return .digest(digest) }
            guard let prefix = DigestPrefix(text) else { throw .digest }
            return .digestPrefix(prefix)
        }
        if text == "host" || text.hasPrefix("host:") { throw .host }
        if text.utf8.allSatisfy(isDigit) { return .number(try generation(text)) }
        let end = text.firstIndex { $0 == "@" || $0 == "~" } ?? text.endIndex
        return try base(text[..<end], suffix: text[end...])
    }

    private func base(_ head: Substring, suffix: Substring) throws(Cause) -> Reference.Base {
        if suffix.hasPrefix("@"), !suffix.hasPrefix("@{") { return try fixed(head, suffix.dropFirst()) }
        let moment = try moment(suffix)
        guard !head.contains(":") else { return .slot(try slot(head), moment) }
        guard let name = SharedName(head) else { throw .name(String(head)) }
        return moment == .now ? .name(name) : .environment(name.environment, moment)
    }

    /// What follows `@` without a brace: a number or a commit, which never move.
    private func fixed(_ head: Substring, _ rest: Substring) throws(Cause) -> Reference.Base {
        guard !head.contains(":") else { throw .slotNumber(try slot(head), String(rest)) }
        guard let pipeline = PipelineName(head) else { throw .name(String(head)) }
        if rest.hasPrefix("git-") {
            guard let commit = CommitPrefix(rest.dropFirst(4)) else { throw .commit(String(rest.dropFirst(4))) }
            return .commit(pipeline, commit)
        }
        let isDraft = rest.hasPrefix(GenerationID.draftPrefix)
        let digits = rest.dropFirst(isDraft ? GenerationID.draftPrefix.count : 0).prefix { $0 != "~" && $0 != "@" }
        let generation = GenerationID(pipeline: pipeline, number: try generation(digits), isDraft: isDraft)
        guard digits.endIndex == rest.endIndex else { throw .momentOfGeneration(generation) }
        return .generation(generation)
    }

    private func slot(_ text: Substring) throws(Cause) -> Slot {
        if let slot = Slot(text) { return slot }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        throw .name(String(parts.first { !NameGrammar.accepts($0) } ?? text))
    }

    private func generation(_ text: Substring) throws(Cause) -> GenerationNumber {
        guard let value = number(text), let number = GenerationNumber(value), !text.hasPrefix("0") else {
            throw .number(String(text))
        }
        return number
    }

    private func moment(_ suffix: Substring) throws(Cause) -> SlotMoment {
        guard !suffix.isEmpty else { return .now }
        if suffix.hasPrefix("~") {
            guard let steps = number(suffix.dropFirst()) else { throw .steps(String(suffix.dropFirst())) }
            return .below(steps)
        }
        let inside = suffix.dropFirst(2).dropLast()
        guard suffix.hasSuffix("}"), !inside.isEmpty, !inside.contains("}") else { throw .brace }
        if let moves = number(inside) { return .beforeMoves(moves) }
        guard let time = ZonedTime(inside, clock: clock) else { throw .time(String(inside)) }
        return .at(time)
    }

    /// At most nine digits, so that it fits wherever a number is kept.
    private func number(_ text: Substring) -> Int? {
        (1...9).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit) ? Int(text) : nil
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
