import BakeModel
import Glibc
import LinuxSystem

/// Asks one registry again and again: logs in where it must, waits where the registry is overloaded, goes on where an
/// answer broke off.
final class RegistrySession {
    private let repository: RegistryRepository
    private let access: RegistryAccess
    private let exchange: RegistryExchange
    private var login: RegistryLogin

    init(_ repository: RegistryRepository, access: RegistryAccess, program: HelperProgram) throws {
        self.repository = repository
        self.access = access
        exchange = RegistryExchange(access: access, program: program)
        login = RegistryLogin(repository, try access.credentials())
    }

    /// A small answer.
    func document(
        _ path: String, headers: [String], limit: Int, name: String
    ) throws -> (answer: TransferAnswer, content: [UInt8]) {
        let content = TransferContent(documentUpTo: limit)
        let answer = try patiently(path, headers, to: content, name)
        return (answer, content.bytes)
    }

    /// A large answer of known size, into an empty file.
    func file(_ path: String, size: UInt64, to file: Descriptor, name: String) throws {
        let content = TransferContent(file: file, size: size)
        _ = try patiently(path, [], to: content, name)
    }

    private func patiently(
        _ path: String, _ headers: [String], to content: TransferContent, _ name: String
    ) throws -> TransferAnswer {
        var wait = access.firstWait
        for attempt in 1...max(1, access.attempts) {
            let answer = try authorized(path, headers, to: content, name)
            let fault = try RegistryAnswer(answer, name: name, host: repository.registry).fault(of: content)
            guard let fault else { return answer }
            guard fault.isPassing, attempt < access.attempts else { throw fault.error }
            usleep(UInt32(clamping: Int64(max(wait, fault.wait) * 1_000_000)))
            wait *= 2
        }
        throw RegistryError.unreachable(name, host: repository.registry, "no attempt is left")
    }

    /// A token may have run out since the last answer, so each question may log in once.
    private func authorized(
        _ path: String, _ headers: [String], to content: TransferContent, _ name: String
    ) throws -> TransferAnswer {
        let address = repository.origin + path
        let ask = { [exchange] (login: RegistryLogin) in
            try exchange.follow(address, headers, authorization: login.authorization, to: content, name)
        }
        let answer = try ask(login)
        guard answer.status == 401, answer.isOfOrigin else { return answer.transfer }
        try login.answer(Challenge.read(answer.transfer.headers["www-authenticate"] ?? []), by: exchange, name)
        let second = try ask(login)
        if [401, 403].contains(second.status), second.isOfOrigin { throw login.refusal(name) }
        return second.transfer
    }
}
