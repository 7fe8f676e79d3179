import BakeModel
import LinuxSystem

/// Asks a server, and those that it sends the asker to. Each question is a helper process of its own.
struct RegistryExchange {
    let access: RegistryAccess
    let program: HelperProgram
    private static let redirects = [301, 302, 303, 307, 308]
    private static let longestWay = 5

    /// An answer, and whether the server that was asked gave it, and not one that it sent to.
    struct Answer {
        let transfer: TransferAnswer
        let isOfOrigin: Bool
        var status: Int { transfer.failure == nil ? transfer.status : 0 }
    }

    /// Asks, and goes where it is sent. A login goes to the first server alone.
    func follow(
        _ address: String, _ headers: [String], authorization: String?, to content: TransferContent, _ name: String
    ) throws -> Answer {
        guard let first = HTTPOrigin(address) else { throw RegistryError.malformed(name, "\(address) is no address") }
        var (address, origin, isOfOrigin) = (address, first, true)
        for _ in 0...Self.longestWay {
            let login = isOfOrigin ? authorization.map { ["Authorization: \($0)"] } ?? [] : []
            let answer = try ask(address, origin, headers + login, to: content, name)
            guard answer.failure == nil, Self.redirects.contains(answer.status), let next = answer.redirect else {
                return Answer(transfer: answer, isOfOrigin: isOfOrigin)
            }
            guard let target = HTTPOrigin(next) else {
                throw RegistryError.redirect(name, "\(origin.host) sends to what is no address of http or https")
            }
            guard target.isEncrypted || !origin.isEncrypted else {
                throw RegistryError.redirect(name, "\(origin.host) sends to \(target), which does not encrypt")
            }
            isOfOrigin = isOfOrigin && target == first
            (address, origin) = (next, target)
        }
        throw RegistryError.redirect(name, "\(first.host) sends from one address to the next without end")
    }

    private func ask(
        _ address: String, _ origin: HTTPOrigin, _ headers: [String], to content: TransferContent, _ name: String
    ) throws -> TransferAnswer {
        let transfer = Transfer(
            address: address, headers: headers, limit: content.limit, offset: try content.start(),
            isFile: content.isFile, proxy: access.proxies.proxy(for: origin), exceptions: access.proxies.exceptions,
            certificates: access.certificates, connectSeconds: access.connectSeconds, stallSeconds: access.stallSeconds)
        let call = try content.receive { output in
            try HelperCall.start(
                program, RegistryHelper.name, request: transfer.json, descriptors: [RegistryHelper.output: output])
        }
        do {
            let answer = try TransferAnswer(try call.finish(deadline: access.deadline))
            try content.finish()
            return answer
        } catch let failure as HelperFailure {
            throw RegistryError.ended(name, failure.reason)
        }
    }
}
