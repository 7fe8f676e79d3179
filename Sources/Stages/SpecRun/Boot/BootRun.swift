import BakeModel
import BlobStorage
import LinuxSystem
import RootFilesystem

/// Starts images side by side and asks each what its spec says, until all is as expected or time is over; then ends all.
///
/// Every image has a thread, since a network namespace is a thread's: what is asked of an image is asked from its own.
struct BootRun {
    let boot: BootSpec
    /// Tells it from others of the same spec.
    let number: Int
    /// The image that is tested.
    let tested: SpecTarget
    let store: BlobStore?
    /// The other images, by the references that name them.
    let images: [String: StageRoot]
    /// How long each image may take to be as expected.
    let patience: SpecPatience

    /// What was found, in the file's order; where anything failed, with the last lines of every image.
    func verdict() -> Verdict {
        let stays: [BootedStay.Outcome]
        do {
            stays = try run(on: try NetworkSwitch(number: number))
        } catch {
            return Verdict(
                checks: boot.images.map { BootedStay.check($0.name, .error(ResourceCheck.text(of: error)), 0) })
        }
        let checks = zip(boot.images, stays).flatMap { image, stay in
            stay.checks.map { image.telling(of: stays, in: $0) }
        }
        guard checks.contains(where: \.outcome.isFailure) else { return Verdict(checks: checks) }
        let lines = stays.flatMap { stay in stay.output.split(separator: "\n").map { "\(stay.name) | \($0)" } }
        return Verdict(checks: checks, output: lines.isEmpty ? nil : lines.joined(separator: "\n"))
    }

    private func run(on network: NetworkSwitch) throws -> [BootedStay.Outcome] {
        let board = BootBoard(boot.images.map(\.name))
        let places = boot.images.enumerated().map { ($0.element.name, NetworkSwitch.address(of: $0.offset)) }
        let workers = boot.images.enumerated().map { place, image in
            let stay = BootedStay(
                image: image, network: network, place: place,
                names: SandboxNames(own: image.name, others: Dictionary(uniqueKeysWithValues: places)), board: board,
                patience: patience)
            let source = source(of: image)
            return Worker { stay.outcome(on: source) }
        }
        return try workers.map { try $0.result() }
    }

    /// How the root of an image is had, on the thread that looks after it.
    private func source(of image: BootedImage) -> @Sendable () throws -> SpecTarget {
        { [tested = tested.kept, store, images] in
            guard let reference = image.reference else { return tested }
            guard let root = images[reference], let store else { throw AbsentImage(reference: reference) }
            return try SpecTarget(root, in: store)
        }
    }
}

extension BootedImage {
    /// A check of another image that did not pass, with that image's end where it had ended.
    fileprivate func telling(of stays: [BootedStay.Outcome], in check: Verdict.Check) -> Verdict.Check {
        guard let peer = peers["\(check.resource) \(check.id)"], peer != name,
            let ending = stays.first(where: { $0.name == peer })?.ending
        else { return check }
        var told = check
        told.outcome = check.outcome.remarked("\(peer)'s process has ended with \(ending.explanation)")
        return told
    }

    /// Whom its checks ask over the network, by their types and their names in the verdict.
    private var peers: [String: String] {
        Dictionary(
            spec.gossFile.resources.compactMap { resource in
                resource.inquiry.host.map { ("\(resource.type.rawValue) \(resource.id) in \(name)", $0) }
            }
        ) { first, _ in first }
    }
}

extension Inquiry {
    /// The host that is asked over the network; nil for what asks none.
    fileprivate var host: String? {
        switch self {
        case .addr(let request): HostAndPort(request.address)?.host
        case .http(let request): HostName(of: request.url).text
        default: nil
        }
    }
}

/// An image that is named and was not handed over.
struct AbsentImage: ExplainedError, Hashable {
    let reference: String
    var doing: String { "boot" }
    var subject: String { reference }
    var reason: String { "the image is not at hand: a directory is tested without a store" }
}
