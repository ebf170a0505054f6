<?php
/** A server that does nothing but read the stored state as the lab's wiki does, and say what it has. */
require getenv( 'STORED_STATE' );

$options = json_decode( getenv( 'OPTIONS' ), true, 8, JSON_THROW_ON_ERROR );
$state = new StoredState( $options['store'], [ 'codfw', 'eqiad' ], 'eqiad', $options['turn'] );
header( 'Content-Type: application/json' );
echo json_encode( $state->now() + [ 'pid' => getmypid() ] );
