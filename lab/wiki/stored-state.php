<?php
/**
 * What the state store says of this wiki: whether it is read-only in this datacenter, and which datacenter is primary.
 *
 * An app server (one php process with its workers) keeps what it has read in APCu, which its workers share, for at most
 * one cache lifetime. The copies of different app servers end at different moments: each server has its own turn, also
 * after an idle time in which all copies have ended. When the store is gone, slow, or holds nonsense, the last good
 * copy stays in force and `live` is false. One worker asks the store at a time; meanwhile the others go on with the
 * copy they have, so a store that hangs does not stop the wiki.
 *
 * A server that never read the store is read-only and knows no primary: nothing is guessed.
 */
final class StoredState {
	private const KEPT = 'lab-wiki-state';
	private const ASKING = 'lab-wiki-state-asking';
	private const TOKEN = 'lab-wiki-store-token';
	/** Seconds from a failed attempt to the next one, or a lifetime where that is shorter. */
	private const PAUSE = 1.0;
	private const UNKNOWN = [
		'readOnly' => 'The configuration store has not been read.', 'primary' => null, 'index' => 0, 'endpoint' => 0,
	];

	/**
	 * @param array $store endpoints, prefix, timeout (seconds), lifetime (seconds), and where they are needed ca,
	 *   certificate, key (files), user, password
	 * @param string[] $datacenters That exist: another primary is nonsense
	 * @param string $here The datacenter of this server
	 * @param float $turn When its copy ends: 0.25 is a quarter of a lifetime after the one with 0
	 * @param string $cut A file: while it is there, the way to the store is cut for this server
	 */
	public function __construct(
		private array $store, private array $datacenters, private string $here, private float $turn,
		private string $cut = ''
	) {
	}

	/** @return array{readOnly: string|false, primary: ?string, index: int, live: bool} */
	public function now(): array {
		$kept = apcu_enabled() ? apcu_fetch( self::KEPT ) : false;
		if ( $kept && self::seconds() < $kept['askAgainAt'] ) {
			return $kept;
		}
		$last = $kept ?: self::UNKNOWN + [ 'live' => false ];
		// The lock ends by itself, should the worker that asks be killed: after the longest that asking can take.
		$longest = (int)ceil( 2 * count( $this->store['endpoints'] ) * $this->store['timeout'] ) + 1;
		if ( apcu_enabled() && !apcu_add( self::ASKING, getmypid(), $longest ) ) {
			return $last;
		}
		$started = self::seconds();
		try {
			$new = $this->ask( $last['endpoint'] ) + [ 'live' => true, 'askAgainAt' => $this->nextTurn( $started ) ];
		} catch ( Throwable $e ) {
			// Whatever it holds or answers: an error of this server would take the wiki down with the store.
			$pause = min( self::PAUSE, $this->store['lifetime'] );
			error_log( "state: {$e->getMessage()}" );
			$new = [ 'live' => false, 'askAgainAt' => self::seconds() + $pause ] + $last;
		}
		if ( apcu_enabled() ) {
			apcu_store( self::KEPT, $new );
			apcu_delete( self::ASKING );
		}
		return $new;
	}

	/** The first of this server's own moments after `$now`: one in every lifetime. */
	private function nextTurn( float $now ): float {
		$lifetime = $this->store['lifetime'];
		return $lifetime * ( floor( $now / $lifetime - $this->turn ) + 1 + $this->turn );
	}

	/** Asks one endpoint after the other, beginning with the one that answered last. */
	private function ask( int $first ): array {
		if ( $this->cut !== '' && file_exists( $this->cut ) ) {
			throw new RuntimeException( 'the way to the store is cut' );
		}
		$count = count( $this->store['endpoints'] );
		$failures = [];
		for ( $tried = 0; $tried < $count; $tried++ ) {
			$endpoint = ( $first + $tried ) % $count;
			try {
				$answer = $this->range( $this->store['endpoints'][$endpoint] );
			} catch ( RuntimeException | JsonException $e ) {
				$failures[] = $e->getMessage();
				continue;
			}
			// Nonsense is the same everywhere: another endpoint is not asked for it.
			return $this->parse( $answer ) + [ 'endpoint' => $endpoint ];
		}
		throw new RuntimeException( 'no endpoint answers: ' . implode( '; ', $failures ) );
	}

	/** The whole directory in one read, so that its values belong together. */
	private function range( string $endpoint ): array {
		$prefix = $this->store['prefix'] . '/mediawiki-config/';
		$request = [ 'key' => base64_encode( $prefix ), 'range_end' => base64_encode( substr( $prefix, 0, -1 ) . '0' ) ];
		if ( !isset( $this->store['user'] ) ) {
			return $this->post( $endpoint, '/v3/kv/range', $request );
		}
		$token = apcu_enabled() ? apcu_fetch( self::TOKEN ) : false;
		try {
			return $this->post( $endpoint, '/v3/kv/range', $request, $token ?: $this->logIn( $endpoint ) );
		} catch ( RefusedByStore ) {
			return $this->post( $endpoint, '/v3/kv/range', $request, $this->logIn( $endpoint ) );
		}
	}

	private function logIn( string $endpoint ): string {
		$who = [ 'name' => $this->store['user'], 'password' => $this->store['password'] ];
		$token = $this->post( $endpoint, '/v3/auth/authenticate', $who )['token'] ?? '';
		if ( apcu_enabled() ) {
			apcu_store( self::TOKEN, $token );
		}
		return $token;
	}

	private function post( string $endpoint, string $path, array $body, string $token = '' ): array {
		$curl = curl_init( $endpoint . $path );
		curl_setopt_array( $curl, [
			CURLOPT_POSTFIELDS => json_encode( $body ),
			CURLOPT_HTTPHEADER => [ 'Content-Type: application/json', ...( $token === '' ? [] : [ "Authorization: $token" ] ) ],
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_TIMEOUT_MS => (int)( 1000 * $this->store['timeout'] ),
			CURLOPT_NOSIGNAL => true,
			CURLOPT_PROXY => '',
		] + array_filter( [
			CURLOPT_CAINFO => $this->store['ca'] ?? null,
			CURLOPT_SSLCERT => $this->store['certificate'] ?? null,
			CURLOPT_SSLKEY => $this->store['key'] ?? null,
		] ) );
		$text = curl_exec( $curl );
		if ( $text === false ) {
			throw new RuntimeException( "$endpoint: " . curl_error( $curl ) );
		}
		$status = curl_getinfo( $curl, CURLINFO_RESPONSE_CODE );
		if ( $status !== 200 ) {
			throw new RefusedByStore( "$endpoint: HTTP $status" );
		}
		$answer = json_decode( $text, true, 16, JSON_THROW_ON_ERROR );
		return is_array( $answer ) ? $answer : throw new RuntimeException( "$endpoint: not an object" );
	}

	/** @throws RuntimeException|JsonException When it makes no sense */
	private function parse( array $answer ): array {
		$values = [];
		$index = 0;
		foreach ( $answer['kvs'] ?? [] as $entry ) {
			$name = substr( base64_decode( $entry['key'] ), strlen( $this->store['prefix'] . '/mediawiki-config/' ) );
			$object = json_decode( base64_decode( $entry['value'] ?? '' ), true, 8, JSON_THROW_ON_ERROR );
			$values[$name] = is_array( $object ) ? $object['val'] ?? null : null;
			$index = max( $index, (int)$entry['mod_revision'] );
		}
		$primary = $values['common/WMFMasterDatacenter'] ?? null;
		$readOnly = $values["{$this->here}/ReadOnly"] ?? null;
		if ( !in_array( $primary, $this->datacenters, true ) ) {
			throw new RuntimeException( 'the store names no datacenter that exists as the primary' );
		}
		if ( $readOnly !== false && ( !is_string( $readOnly ) || $readOnly === '' ) ) {
			throw new RuntimeException( "{$this->here}/ReadOnly in the store is neither false nor a reason" );
		}
		return [ 'readOnly' => $readOnly, 'primary' => $primary, 'index' => $index ];
	}

	/** Seconds that never run backwards. */
	private static function seconds(): float {
		return hrtime( true ) / 1e9;
	}
}

/** An endpoint answered, but not with what it was asked for: perhaps a token that has ended. */
final class RefusedByStore extends RuntimeException {
}
