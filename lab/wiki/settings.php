<?php
/**
 * The settings of the lab's wiki, the same file for every app server. What differs comes from the environment:
 * LAB_WIKI (a file with what the lab decided, JSON), LAB_WIKI_DATACENTER, LAB_WIKI_URL, LAB_WIKI_TURN,
 * LAB_WIKI_CUT (a file that cuts it off from the state store while it is there).
 */
if ( !defined( 'MEDIAWIKI' ) ) {
	exit;
}
require_once "$IP/includes/PlatformSettings.php";
require_once __DIR__ . '/stored-state.php';

( static function () {
	global $wgReadOnly, $wgHooks, $wgDBservers, $wgObjectCaches, $wgServer, $wgSecretKey, $wgCacheDirectory,
		$wgLocalisationCacheConf, $wgDBname, $wgDBuser, $wgDBpassword, $wgMainCacheType, $wgSessionCacheType;

	$lab = json_decode( file_get_contents( getenv( 'LAB_WIKI' ) ), true, 16, JSON_THROW_ON_ERROR );
	$here = getenv( 'LAB_WIKI_DATACENTER' );
	// Without a store it is the wiki from which the template is made.
	$state = $lab['store'] === null
		? [ 'readOnly' => false, 'primary' => $here, 'index' => 0, 'live' => false ]
		: ( new StoredState(
			$lab['store'], array_keys( $lab['datacenters'] ), $here, (float)getenv( 'LAB_WIKI_TURN' ),
			(string)getenv( 'LAB_WIKI_CUT' )
		) )->now();

	$wgServer = getenv( 'LAB_WIKI_URL' );
	$wgSecretKey = $lab['secret'];
	$wgReadOnly = $state['readOnly'] === false ? null : $state['readOnly'];
	$wgHooks['APIQuerySiteInfoGeneralInfo'][] = static function ( $module, &$data ) use ( $here, $state ) {
		$data['wmf-config'] = [
			'wmfDatacenter' => $here,
			'wmfMasterDatacenter' => $state['primary'],
			'wmfEtcdLastModifiedIndex' => $state['index'],
			'live' => $state['live'],
		];
	};

	// The first database is the one that is written to; a server of the other datacenter reads from its own.
	$database = static fn ( string $datacenter, int $load ): array => [
		'host' => $lab['datacenters'][$datacenter][$datacenter === $here ? 'database' : 'databaseFromAfar'],
		'hostName' => "db-$datacenter",
		'dbname' => $lab['database']['name'],
		'user' => $lab['database']['user'],
		'password' => $lab['database']['password'],
		'type' => 'mysql',
		'flags' => DBO_DEFAULT,
		'load' => $load,
		'ssl' => false,
	];
	$primary = $state['primary'] ?? $here;
	$wgDBservers = $primary === $here ? [ $database( $here, 1 ) ] : [ $database( $primary, 0 ), $database( $here, 1 ) ];
	$wgDBname = $lab['database']['name'];
	$wgDBuser = $lab['database']['user'];
	$wgDBpassword = $lab['database']['password'];

	// As in production: the app servers of a datacenter share its cache, and all share the sessions, so that a login
	// survives the switchover. There is none of them while the template is made.
	$wgMainCacheType = $lab['sessions'] === null ? CACHE_NONE : 'datacenter';
	$wgSessionCacheType = $lab['sessions'] === null ? CACHE_NONE : 'sessions';
	$memcached = static fn ( ?string $address ): array => [ 'class' => MemcachedPhpBagOStuff::class, 'servers' => [ $address ] ];
	$wgObjectCaches['datacenter'] = $memcached( $lab['datacenters'][$here]['memcached'] );
	$wgObjectCaches['sessions'] = $memcached( $lab['sessions'] );

	// Made with the template and never again: the servers would all make it at once.
	$wgCacheDirectory = $lab['template'];
	$wgLocalisationCacheConf['store'] = 'array';
	$wgLocalisationCacheConf['storeDirectory'] = "{$lab['template']}/localisation";
	$wgLocalisationCacheConf['manualRecache'] = true;
} )();

$wgSitename = 'Lab Wiki';
$wgMetaNamespace = 'Lab_Wiki';
$wgScriptPath = '';
$wgResourceBasePath = '';
$wgLanguageCode = 'en';
$wgLocaltimezone = 'UTC';
$wgAuthenticationTokenVersion = '1';
$wgEnableEmail = false;
$wgEnableUploads = false;
$wgPingback = false;
$wgDefaultSkin = 'vector';
wfLoadSkin( 'Vector' );

$wgDBtype = 'mysql';
$wgDBprefix = '';
$wgDBTableOptions = 'ENGINE=InnoDB, DEFAULT CHARSET=binary';

// What can be told from its key to be old may stay with the app server.
$wgParserCacheType = CACHE_ACCEL;
$wgMessageCacheType = CACHE_ACCEL;

// Jobs are run by the lab's job loop, not in the requests of editors.
$wgJobRunRate = 0;
$wgRateLimits = [];
$wgShowExceptionDetails = true;
