import BakeModel
import LinuxSystem
import RootFilesystem

/// One image while it is booted, on a thread of its own: it is started, asked, and ended when all are done.
struct BootedStay: Sendable {
    let image: BootedImage
    let network: NetworkSwitch
    let place: Int
    let names: SandboxNames
    let board: BootBoard
    let patience: SpecPatience
    /// What became of it.
    struct Outcome: Sendable {
        let name: String
        var checks: [Verdict.Check]
        /// The last lines that it wrote.
        let output: String
        /// How its process ended, where it did before all were done.
        var ending: ChildProcess.Ending?
    }

    /// Boots the image.
    /// - Parameter target: mounts its root.
    func outcome(on target: () throws -> SpecTarget) -> Outcome {
        // Whatever happens: others may wait for this one.
        defer { board.settle(image.name, holds: false) }
        do {
            try network.enter(at: place)
            if let failed = board.firstFailure(of: image.predecessors) {
                return unstarted("\(failed) is not as expected, and \(image.name) comes after it")
            }
            let target = try target().booted(with: image.settings, names: names)
            let service = try target.processes.startService()
            defer { service.stop() }
            return try withExtendedLifetime(target) { try outcome(on: target, service) }
        } catch {
            return unstarted(ResourceCheck.text(of: error))
        }
    }

    private func outcome(on target: SpecTarget, _ service: any ImageService) throws -> Outcome {
        let start = ContinuousClock.now
        let judgement = SpecJudgement(target: target, patience: patience, service: service)
        let asked = try judgement.verdict(on: image.spec.gossFile.asking(first: image.ports))
        let others = try image.spec.parts.map { part in
            if case .structure(let file) = part { try judgement.verdict(on: file) } else { Verdict(checks: []) }
        }
        let found = Verdict(joining: [asked] + others)
        let elapsed = (ContinuousClock.now - start).milliseconds
        let rest = found.isPass && !image.showsThatItRuns ? max(0, Settling.time - elapsed) : 0
        let end = try service.end(within: Int32(rest))
        board.settle(image.name, holds: found.isPass && end.map(\.ending.succeeded) != false)
        board.awaitAll()
        let runs = Self.check(
            image.name, try service.started(), (ContinuousClock.now - start).milliseconds)
        let ending = try service.end(within: 0)?.ending
        service.stop()
        // Only what has ended has surely been heard to its end.
        let output = try service.end(within: 0)?.lastLines ?? service.output
        return Outcome(
            name: image.name, checks: [runs] + found.checks.map { $0.asked(of: image.name) }, output: output,
            ending: ending)
    }

    private func unstarted(_ reason: String) -> Outcome {
        let skipped = (image.ports + image.spec.gossFile.resources).flatMap { resource in
            ResourceCheck(resource: resource).checks(failing: NoProcess()).map { $0.unasked(of: image.name) }
        }
        return Outcome(name: image.name, checks: [Self.check(image.name, .error(reason), 0)] + skipped, output: "")
    }

    /// The check of the image itself.
    static func check(_ name: String, _ outcome: Verdict.Outcome, _ milliseconds: Int64) -> Verdict.Check {
        Verdict.Check(
            resource: "boot", id: name, property: "started", outcome: outcome, milliseconds: milliseconds)
    }
}

extension BootedImage {
    /// Whether a check or a port passes only while its process is there and has begun its work.
    fileprivate var showsThatItRuns: Bool { !ports.isEmpty || spec.gossFile.resources.showThatItRuns }
}

extension Verdict.Check {
    /// The check with the name of the image that was asked.
    fileprivate func asked(of name: String) -> Verdict.Check {
        var check = self
        check.id = "\(id) in \(name)"
        return check
    }

    /// The check of an image that was not started, whose own check tells why.
    fileprivate func unasked(of name: String) -> Verdict.Check {
        var check = asked(of: name)
        (check.outcome, check.milliseconds) = (.skipped("\(name) was not started"), 0)
        return check
    }
}
